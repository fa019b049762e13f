"""Transactions by confluent-kafka (librdkafka): commit_and_abort.py BOOTSTRAP TOPIC ROUNDS

Each round writes five records in a transaction of its own: the even rounds commit, the odd ones abort. Then it reads
the topic's first partition as a consumer of committed records, and prints the values, a line each.
"""
import sys

from confluent_kafka import Consumer, Producer, TopicPartition

TIMEOUT_S = 20
bootstrap, topic, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])

producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": f"{topic}-writer"})
producer.init_transactions(TIMEOUT_S)
for number in range(rounds):
    producer.begin_transaction()
    for index in range(5):
        producer.produce(topic, value=f"{number}-{index}", partition=0)
    producer.flush(TIMEOUT_S)
    if number % 2 == 0:
        producer.commit_transaction(TIMEOUT_S)
    else:
        producer.abort_transaction(TIMEOUT_S)

consumer = Consumer(
    {
        "bootstrap.servers": bootstrap,
        "group.id": f"{topic}-reader",
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
        "enable.partition.eof": True,
    }
)
consumer.assign([TopicPartition(topic, 0, 0)])
while True:
    message = consumer.poll(TIMEOUT_S)
    if message is None or message.error():
        break
    print(message.value().decode(), flush=True)
consumer.close()
