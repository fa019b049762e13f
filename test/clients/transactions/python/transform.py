"""Transform with confluent-kafka (librdkafka): transform.py BOOTSTRAP FROM TO COUNT

Reads COUNT records of one topic and writes each to another, ten at most in a transaction, which takes the group's
offsets along. Every tenth transaction aborts and is done again. Prints "committed N", the records so far, after each
commit, and in the end "transactions N".
"""
import sys

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

TIMEOUT_S = 60
# librdkafka gives up the only broker of a cluster when it is gone, and waits for its handle's end before it asks anew.
PATIENT = {"metadata.recovery.strategy": "none"}
bootstrap, source, target, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

consumer = Consumer(
    {
        "bootstrap.servers": bootstrap,
        "group.id": f"{source}-group",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "isolation.level": "read_committed",
        **PATIENT,
    }
)
consumer.subscribe([source])
producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": f"{source}-transform", **PATIENT})
producer.init_transactions(TIMEOUT_S)


def rewind():
    """Goes back to what the group has committed."""
    for partition in consumer.committed(consumer.assignment(), TIMEOUT_S):
        consumer.seek(TopicPartition(partition.topic, partition.partition, max(partition.offset, 0)))


committed = commits = attempts = 0
while committed < count:
    records = [one for one in consumer.consume(10, 0.2) if not one.error()]
    if not records:
        continue
    attempts += 1
    producer.begin_transaction()
    for one in records:
        producer.produce(target, value=b"seen " + one.value())
    try:
        behind = consumer.position(consumer.assignment())
        producer.send_offsets_to_transaction(behind, consumer.consumer_group_metadata(), TIMEOUT_S)
        if attempts % 10 == 0:
            producer.abort_transaction(TIMEOUT_S)
            rewind()
            continue
        producer.commit_transaction(TIMEOUT_S)
    except KafkaException as error:
        if not error.args[0].txn_requires_abort():
            raise
        producer.abort_transaction(TIMEOUT_S)
        rewind()
        continue
    committed += len(records)
    commits += 1
    print("committed", committed, flush=True)
print("transactions", commits, flush=True)
consumer.close()
