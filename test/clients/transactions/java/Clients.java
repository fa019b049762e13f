import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The clients that the programs beside this one are made of, with the configs that matter to them. */
final class Clients {
  private Clients() {}

  static KafkaProducer<String, String> producer(String bootstrap, String transactionalId) {
    Properties configs = new Properties();
    configs.put("bootstrap.servers", bootstrap);
    configs.put("transactional.id", transactionalId);
    configs.put("key.serializer", StringSerializer.class.getName());
    configs.put("value.serializer", StringSerializer.class.getName());
    return new KafkaProducer<>(configs);
  }

  /** A consumer of committed records that commits nothing by itself. */
  static KafkaConsumer<String, String> consumer(String bootstrap, String group, int recordsAtATime) {
    Properties configs = new Properties();
    configs.put("bootstrap.servers", bootstrap);
    configs.put("group.id", group);
    configs.put("isolation.level", "read_committed");
    configs.put("enable.auto.commit", "false");
    configs.put("auto.offset.reset", "earliest");
    configs.put("max.poll.records", recordsAtATime);
    configs.put("key.deserializer", StringDeserializer.class.getName());
    configs.put("value.deserializer", StringDeserializer.class.getName());
    return new KafkaConsumer<>(configs);
  }

  static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
