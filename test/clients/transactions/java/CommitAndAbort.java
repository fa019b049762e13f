import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * CommitAndAbort BOOTSTRAP TOPIC ROUNDS: a transaction of six records over three partitions a round. Every third round
 * aborts. Prints each value that it has committed.
 */
public class CommitAndAbort {
  public static void main(String[] arguments) {
    String topic = arguments[1];
    int rounds = Integer.parseInt(arguments[2]);
    try (var producer = Clients.producer(arguments[0], topic + "-writer")) {
      producer.initTransactions();
      for (int round = 0; round < rounds; round++) {
        List<String> values = new ArrayList<>();
        producer.beginTransaction();
        for (int index = 0; index < 6; index++) {
          values.add(round + "-" + index);
          producer.send(new ProducerRecord<>(topic, index % 3, null, round + "-" + index));
        }
        if (round % 3 == 2) {
          producer.flush();
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
          values.forEach(Clients::say);
        }
      }
    }
  }
}
