import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints severity, categories and post of each committed event, and commits its
 * place afterwards. Needs kafka-clients and slf4j on the class path, and no
 * compiler:
 *
 * java -cp '/opt/karool-kafka/lib/*' Alerts.java BROKERS CAMPAIGN [COUNT]
 */
public class Alerts {
    private static String header(ConsumerRecord<String, byte[]> event, String name) {
        return new String(event.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    public static void main(String[] arguments) {
        // Kafka's client lists every setting that it has, else.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        Properties properties = new Properties();
        properties.put("bootstrap.servers", arguments[0]);
        properties.put("group.id", arguments[1] + "-java-alerts");
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        long left = arguments.length > 2 ? Long.parseLong(arguments[2]) : Long.MAX_VALUE;
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                 properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(arguments[1] + ".karool.flagged"));
            while (left > 0) {
                for (ConsumerRecord<String, byte[]> event : consumer.poll(Duration.ofSeconds(1))) {
                    System.out.printf("%s %s %s %s%n", header(event, "severity"),
                        header(event, "categories"), event.key(), header(event, "ce_id"));
                    left--;
                }
                System.out.flush();
                consumer.commitSync();
            }
        }
    }
}
