"""A member of a group by kafka-python: member_kafka_python.py TOPIC key=value...

The pairs are the consumer's configs, as kafka-python names them. It prints "assigned" with the partitions it has
whenever they change, and "record PARTITION OFFSET VALUE"; it commits after each poll, and leaves on SIGTERM.
"""
import signal
import sys

from kafka import ConsumerRebalanceListener, KafkaConsumer

# Longer than any test. A poll that ends while SyncGroup is under way makes kafka-python 3.0.12 forget the answer, whatever
# the broker: it takes the assignment only in a poll that awaits it, and sends no more heartbeats.
POLL_MS = 600_000

topic, pairs = sys.argv[1], sys.argv[2:]
configs = dict(pair.split("=", 1) for pair in pairs)


class Ended(Exception):
    pass


def end(*_):
    raise Ended


class Listener(ConsumerRebalanceListener):
    def on_partitions_revoked(self, revoked):
        print("assigned", flush=True)

    def on_partitions_assigned(self, assigned):
        print("assigned", *sorted(one.partition for one in assigned), flush=True)


signal.signal(signal.SIGTERM, end)
consumer = KafkaConsumer(
    auto_offset_reset="earliest",
    enable_auto_commit=False,
    session_timeout_ms=6000,
    heartbeat_interval_ms=300,
    **configs,
)
consumer.subscribe([topic], listener=Listener())
try:
    while True:
        for records in consumer.poll(timeout_ms=POLL_MS).values():
            for record in records:
                print("record", record.partition, record.offset, record.value.decode(), flush=True)
        consumer.commit()
except Ended:
    consumer.close()
