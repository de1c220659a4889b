"""What queues and schedules call, one file per capability."""
