"""Bills: dollars by service for pages archived, renewals made, and a month in which nothing happens."""

from math import ceil

from chalicelib.commands.bench.cost_model import Prices, Stage, Usage

Bill = dict[str, float]
_HOURS = 730
_GB = 1e9
_GROUP = 10  # pages announced together (archive/reading.py)
_STANDARD_MONTHS = 3  # before content goes to Glacier (infra/stack/buckets.yaml)


def total(bill: Bill) -> float:
    """Dollars of the whole bill."""
    return sum(bill.values())


def document_seconds(usage: Usage) -> tuple[float, float]:
    """How long the reader works on a document, and how long the function that called it is busy with it."""
    pages = usage.pages_a_document
    reader = ceil(pages / usage.pages_a_call) * usage.reader_start + pages * usage.reader_seconds_a_page
    # Its picture is looked at, fetched and kept, its words are kept: four ways there and back for each page.
    keeping = (4 * pages + 8) * usage.s3_round_trip + document_commits(usage) * usage.commit_seconds
    return reader, reader + keeping


def document_commits(usage: Usage) -> float:
    """Commits that filing, reading and indexing one document take."""
    groups = ceil(usage.pages_a_document / _GROUP)
    return float(
        usage.commits_a_document
        + groups * usage.commits_a_group
        + usage.pages_a_document * usage.commits_a_page
    )


def document_jobs(usage: Usage) -> int:
    """Jobs that a document asks for."""
    return int(usage.jobs_a_document + ceil(usage.pages_a_document / _GROUP) * usage.jobs_a_group)


def archived(pages: float, prices: Prices, usage: Usage, stage: Stage) -> Bill:
    """Filing, reading and indexing `pages`, once; what keeping them costs is `kept`."""
    documents = pages / usage.pages_a_document
    reader, reading = document_seconds(usage)
    jobs, commits = document_jobs(usage), document_commits(usage)
    waits = 2 * usage.index_wait + jobs * 0.05
    own = pages / usage.analysed_pages_a_second * _gb_a_processor(usage)
    return {
        "Lambda: the reader": _lambda(documents * reader, stage.memory["reader"], prices),
        "Lambda: our functions": _lambda(documents * reading, stage.memory["reading"], prices)
        + _lambda(documents * waits, stage.memory["prompt"], prices)
        + own * prices.lambda_gb_second
        + documents * (jobs + 3) * prices.lambda_request,
        "S3 requests": (pages * 3 + documents * 4) * prices.s3_put
        + (pages * 3 + documents * 8) * prices.s3_get,
        "Aurora": _acu_hours(documents * commits, usage) * prices.aurora_acu_hour
        + documents * commits * 4 * prices.aurora_io,
        "SQS": documents * (jobs + 1) * 3 * prices.sqs_request,
        "API": documents * 3 * (prices.api_request + prices.waf_request + prices.cloudfront_request),
        "Logs": documents * (jobs + 6) * usage.log_bytes_a_line / _GB * prices.logs_gb,
    }


def kept(pages: float, prices: Prices, usage: Usage) -> Bill:
    """Keeping `pages` for a year, originals in Glacier Instant Retrieval after three months."""
    originals = pages * usage.original_bytes_a_page / _GB
    made = pages * (usage.preview_bytes_a_page + usage.words_bytes_a_page) / _GB
    glacier = (12 - _STANDARD_MONTHS) * prices.s3_glacier_ir_gb_month
    return {
        "S3 originals": originals * (_STANDARD_MONTHS * prices.s3_gb_month + glacier)
        + pages / usage.pages_a_document * prices.s3_glacier_ir_transition,
        "S3 previews and words": made * 12 * prices.s3_gb_month,
        "Aurora storage": pages * usage.database_bytes_a_page / _GB * 12 * prices.aurora_gb_month,
    }


def renewed(renewals: float, prices: Prices, usage: Usage, stage: Stage) -> Bill:
    """Renewals from sign-in to licence, each kept for a year."""
    busy = usage.renewal_seconds * _gb_a_processor(usage)
    waits = usage.renewal_commits * 0.005 * stage.memory["apihandler"] / 1024
    downloaded = renewals * usage.renewal_download_bytes / _GB
    return {
        "SMS": renewals * usage.renewal_sms_parts * prices.sms_part,
        "Mail": renewals * usage.renewal_emails * prices.email,
        "Lambda": renewals * (busy + waits) * prices.lambda_gb_second
        + renewals * (usage.renewal_requests + usage.renewal_jobs) * prices.lambda_request,
        "API and CloudFront": renewals
        * usage.renewal_requests
        * (prices.api_request + prices.waf_request + prices.cloudfront_request)
        + downloaded * prices.cloudfront_gb,
        "KMS signatures": renewals * 2 * prices.kms_signature,
        "Aurora": _acu_hours(renewals * usage.renewal_commits, usage) * prices.aurora_acu_hour
        + renewals * usage.renewal_commits * 4 * prices.aurora_io
        + renewals * usage.database_bytes_a_renewal / _GB * 12 * prices.aurora_gb_month,
        "SQS": renewals * usage.renewal_jobs * 3 * prices.sqs_request,
        "S3": renewals * (prices.s3_put * 2 + usage.licence_bytes / _GB * 12 * prices.s3_gb_month),
        "Logs": renewals
        * (usage.renewal_requests + usage.renewal_jobs)
        * usage.log_bytes_a_line
        / _GB
        * prices.logs_gb,
    }


def idle(prices: Prices, usage: Usage, stage: Stage) -> Bill:
    """A month in which nobody comes: what stands there, and the minute's function."""
    minutes = _HOURS * 60
    receives = (
        stage.queues / 2 * 5 * 3 * minutes
    )  # five pollers for each live queue, three long polls a minute
    return {
        "Aurora": stage.databases * stage.database_minimum * _HOURS * prices.aurora_acu_hour,
        "OpenSearch": stage.search_nodes
        * (prices.search_hour[stage.search_type] * _HOURS + stage.search_gigabytes * prices.search_gb_month),
        "NAT and endpoints": _HOURS * (prices.nat_hour + stage.endpoints * 2 * prices.endpoint_hour),
        "WAF, zone, keys, secrets": prices.waf_acl_month
        + 4 * prices.waf_rule_month
        + prices.zone_month
        + stage.keys * prices.kms_key_month
        + 2 * prices.secret_month,
        "CloudWatch": stage.alarms * prices.alarm_month + usage.custom_metrics * prices.metric_month,
        "Lambda and SQS": _lambda(minutes * 0.2, stage.memory["minute"], prices)
        + minutes * prices.lambda_request
        + receives * prices.sqs_request,
    }


def pages_in_index(usage: Usage, stage: Stage) -> float:
    """How many pages the index's disks have room for; a third is left for merging and for AWS."""
    return float(stage.search_gigabytes * _GB * 2 / 3 / usage.index_bytes_a_page)


def always_on(prices: Prices, stage: Stage) -> Bill:
    """A month of the same in servers that are always on: two of them, a pair of databases, the same index."""
    small = stage.databases == 1
    servers = prices.server_t3_medium_hour if small else prices.server_m7i_large_hour
    database = prices.rds_t4g_medium_hour if small else prices.rds_r6g_large_multi_az_hour
    return {
        "EC2": 2 * servers * _HOURS,
        "RDS": database * _HOURS + 100 * prices.aurora_gb_month,
        "OpenSearch": stage.search_nodes
        * (prices.search_hour[stage.search_type] * _HOURS + stage.search_gigabytes * prices.search_gb_month),
        "NAT and balancer": _HOURS * (prices.nat_hour + prices.balancer_hour),
    }


def _lambda(seconds: float, megabytes: int, prices: Prices) -> float:
    return float(seconds * megabytes / 1024 * prices.lambda_gb_second)


def _gb_a_processor(usage: Usage) -> float:
    """Gigabytes that are paid for each processor second of a function that computes."""
    return float(usage.processor_megabytes / 1024)


def _acu_hours(commits: float, usage: Usage) -> float:
    return float(commits * usage.commit_seconds / usage.processors_an_acu / 3600)
