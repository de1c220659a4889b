"""The queues of every lane in the stand-in for AWS, and the part of Lambda that feeds functions from them."""

import json
from typing import Any

from chalicelib.adapters.aws.sqs_bell import SqsBell
from chalicelib.jobs.lanes import ARRIVALS, LANES, lane_of
from chalicelib.jobs.wake_ups import answer_wake_ups
from tests.aws_server import AwsServer

TRIES = 3


class SqsLanes:
    """Queues of a prefix of their own, each with its dead-letter queue, as infra/stack/queues.yaml makes them."""

    def __init__(self, aws: AwsServer, visible_again_after: int = 0) -> None:
        self.sqs = aws.client("sqs")
        self.prefix = prefix = aws.name("lanes")
        self._urls = {}
        for lane in (*LANES, ARRIVALS):
            dead = self.sqs.create_queue(QueueName=f"{prefix}-{lane}-Dead")["QueueUrl"]
            arn = self.sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"][
                "QueueArn"
            ]
            policy = {"deadLetterTargetArn": arn, "maxReceiveCount": TRIES}
            attributes = {"VisibilityTimeout": str(visible_again_after), "RedrivePolicy": json.dumps(policy)}
            made = self.sqs.create_queue(QueueName=f"{prefix}-{lane}", Attributes=attributes)
            self._urls[lane] = made["QueueUrl"]
        self.bell = SqsBell(f"sqs://{prefix}?{aws.options()}", (*LANES, ARRIVALS), lane_of)

    def send(self, lane: str, body: str) -> None:
        """A message from somebody else."""
        self.sqs.send_message(QueueUrl=self._urls[lane], MessageBody=body)

    def receive(self, lane: str) -> list[dict[str, Any]]:
        """Messages as they lie in the queue; they stay there until deleted."""
        answer = self.sqs.receive_message(QueueUrl=self._urls[lane], MaxNumberOfMessages=10)
        return list(answer.get("Messages", []))

    def deliver(self, diwan: Any, lane: str) -> tuple[int, int]:
        """Call the function of a lane once, and delete what it answered; how many messages it got and gave back."""
        messages = self.receive(lane)
        if not messages:
            return 0, 0
        answer = answer_wake_ups(diwan, event(messages))
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for message in messages:
            if message["MessageId"] not in failed:
                self.sqs.delete_message(QueueUrl=self._urls[lane], ReceiptHandle=message["ReceiptHandle"])
        return len(messages), len(failed)

    def counts(self, lane: str) -> tuple[int, int, int]:
        """Messages that wait, that are held back for later, and that were set aside."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
        told = self.sqs.get_queue_attributes(QueueUrl=self._urls[lane], AttributeNames=names)["Attributes"]
        [line] = [line for line in self.bell.lines() if line.lane == lane]
        return int(told[names[0]]), int(told[names[1]]), line.aside


def event(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Messages as Lambda hands them to a function."""
    return {"Records": [{"messageId": message["MessageId"], "body": message["Body"]} for message in messages]}
