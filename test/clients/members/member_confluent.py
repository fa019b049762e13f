"""A member of a group by confluent-kafka (librdkafka): member_confluent.py TOPIC key=value...

The pairs are the consumer's configs. It prints "assigned" with the partitions it has whenever they change, and
"record PARTITION OFFSET VALUE"; it commits each record, and leaves on SIGTERM.
"""
import signal
import sys

from confluent_kafka import Consumer

topic, pairs = sys.argv[1], sys.argv[2:]
configs = {"auto.offset.reset": "earliest", "enable.auto.commit": False}
configs.update(pair.split("=", 1) for pair in pairs)
running = True


def end(*_):
    global running
    running = False


def tell(partitions):
    print("assigned", *sorted(one.partition for one in partitions), flush=True)


def assigned(consumer, partitions):
    if configs.get("group.protocol") == "consumer":
        consumer.incremental_assign(partitions)
    else:
        consumer.assign(partitions)
    tell(consumer.assignment())


def revoked(consumer, partitions):
    if configs.get("group.protocol") == "consumer":
        consumer.incremental_unassign(partitions)
    else:
        consumer.unassign()
    tell(consumer.assignment())


signal.signal(signal.SIGTERM, end)
consumer = Consumer(configs)
consumer.subscribe([topic], on_assign=assigned, on_revoke=revoked)
while running:
    message = consumer.poll(0.1)
    if message is None or message.error():
        continue
    print("record", message.partition(), message.offset(), message.value().decode(), flush=True)
    consumer.commit(message, asynchronous=False)
consumer.close()
