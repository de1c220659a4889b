#!/bin/sh
# Deploys Diwan into the AWS account that the aws command line is signed in to:
#
#   infra/deploy.sh STAGE MUNICIPALITY.json DOMAIN HOSTED-ZONE-ID
#
# STAGE is dev, staging or production (parameters/STAGE.json). Needs the aws command line, Docker for the reader's image,
# and a Route 53 zone for the domain. Regions: AWS_REGION, and for the copies DIWAN_REPLICA_REGION (none: no copies).
# Running it again deploys what changed. Order: copies, image, pages' files, stack, schema, what stands in front.
set -eu

here=$(CDPATH="" cd -- "$(dirname -- "$0")/.." && pwd)
[ $# -eq 4 ] || { sed -n '2,9p' "$0" | cut -c3- >&2; exit 2; }
stage=$1 municipality=$2 domain=$3 zone=$4
: "${AWS_REGION:?the region to deploy to}"
export AWS_REGION AWS_DEFAULT_REGION="$AWS_REGION"
parameters=$here/infra/parameters/$stage.json
[ -f "$parameters" ] || { echo "no parameters/$stage.json" >&2; exit 2; }
build=$here/build
account=$(aws sts get-caller-identity --query Account --output text)

output() { # output STACK KEY [REGION]: what a stack tells
    aws cloudformation describe-stacks --stack-name "$1" --region "${3:-$AWS_REGION}" \
        --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" --output text
}
deploy() { # deploy STACK TEMPLATE REGION NAME=VALUE…
    stack=$1 template=$2 region=$3
    shift 3
    aws cloudformation deploy --stack-name "$stack" --template-file "$template" --region "$region" \
        --s3-bucket "diwan-artifacts-$account-$region" --no-fail-on-empty-changeset \
        --capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND --parameter-overrides "$@"
}
artifacts() { # artifacts REGION: the bucket that code and templates are handed over in
    bucket=diwan-artifacts-$account-$1
    aws s3api head-bucket --bucket "$bucket" --region "$1" 2>/dev/null && return
    aws s3 mb "s3://$bucket" --region "$1"
    aws s3api put-public-access-block --bucket "$bucket" --region "$1" --public-access-block-configuration \
        BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
}

cd "$here"
PATH=$here/.venv/bin:$PATH
python -m infra.package --out "$build" --municipality "$municipality"
for region in "$AWS_REGION" us-east-1 ${DIWAN_REPLICA_REGION:-}; do artifacts "$region"; done

replica_bucket='' replica_key=''
if [ -n "${DIWAN_REPLICA_REGION:-}" ]; then
    deploy "diwan-$stage-replica" "$build/replica.json" "$DIWAN_REPLICA_REGION" "Stage=$stage"
    replica_bucket=$(output "diwan-$stage-replica" ReplicaBucket "$DIWAN_REPLICA_REGION")
    replica_key=$(output "diwan-$stage-replica" ReplicaKey "$DIWAN_REPLICA_REGION")
fi

# The image is named by what it was made of, and taken by its digest: the same reader is pushed once.
registry=$account.dkr.ecr.$AWS_REGION.amazonaws.com
aws ecr describe-repositories --repository-names diwan-reader >/dev/null 2>&1 ||
    aws ecr create-repository --repository-name diwan-reader --image-tag-mutability IMMUTABLE \
        --image-scanning-configuration scanOnPush=true >/dev/null
tag=$(cd "$build/ocr" && find . -type f | LC_ALL=C sort | xargs cat | sha256sum | cut -c1-16)
digest() {
    aws ecr describe-images --repository-name diwan-reader --image-ids "imageTag=$tag" \
        --query 'imageDetails[0].imageDigest' --output text 2>/dev/null
}
if ! digest >/dev/null; then
    aws ecr get-login-password | docker login --username AWS --password-stdin "$registry"
    docker build --platform linux/amd64 --provenance=false -f "$build/ocr/ocr/Dockerfile" \
        --build-context "tessdata=$build/ocr/tessdata" -t "$registry/diwan-reader:$tag" "$build/ocr"
    docker push "$registry/diwan-reader:$tag"
fi

# OpenSearch places a domain in a VPC by a role that an account makes once.
aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com >/dev/null 2>&1 || :

aws cloudformation package --template-file "$build/diwan.json" --s3-bucket "diwan-artifacts-$account-$AWS_REGION" \
    --use-json --output-template-file "$build/packaged.json" >/dev/null
# A file, for the list of the stage and what is known only now go together.
overrides=$build/overrides.json
python - "$parameters" "Domain=$domain" "ReaderImage=$registry/diwan-reader@$(digest)" \
    "ReplicaBucket=$replica_bucket" "ReplicaKey=$replica_key" >"$overrides" <<'PYTHON'
import json, sys
print(json.dumps(json.load(open(sys.argv[1])) + sys.argv[2:]))
PYTHON
# Pages of the new version come while traffic shifts, and what they link to is kept by browsers for a year: it must be
# there first. What only old pages link to goes when they are gone.
static=$(output "diwan-$stage" StaticBucket 2>/dev/null || :)
[ -z "$static" ] || [ "$static" = None ] || aws s3 sync "$build/static" "s3://$static/static"
# An upgrade grows the schema itself before traffic follows (stack/upgrade.yaml); the first deployment has no traffic
# to wait, and its schema is made here.
deploy "diwan-$stage" "$build/packaged.json" "$AWS_REGION" "file://$overrides"
said=$(aws lambda invoke --function-name "diwan-$stage-migrate" --cli-read-timeout 900 \
    --query FunctionError --output text "$build/migrated.json")
[ "$said" = None ] || { cat "$build/migrated.json" >&2; exit 1; }

# What carriers tell of SMS goes into a log of the whole account; one town in it has the role for that.
role=$(output "diwan-$stage" TextLogRole)
[ -z "$role" ] || [ "$role" = None ] || aws sns set-sms-attributes \
    --attributes "DeliveryStatusIAMRole=$role,DeliveryStatusSuccessSamplingRate=100"

aws s3 sync "$build/static" "s3://$(output "diwan-$stage" StaticBucket)/static" --delete
deploy "diwan-$stage-edge" "$build/edge.json" us-east-1 "Stage=$stage" "Domain=$domain" "HostedZone=$zone" \
    "ApiDomain=$(output "diwan-$stage" ApiDomain)" "StaticDomain=$(output "diwan-$stage" StaticDomain)"
echo "https://$domain"
