import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.ahocorasick.trie.Emit;
import org.ahocorasick.trie.Trie;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * What somebody would write with Kafka Streams: each post is parsed, its text
 * lower-cased and looked through for the terms as plain stems; exactly once.
 *
 * java -cp 'lib/*' Matcher.java BROKERS APPLICATION FROM TO TERMS STATE
 */
public class Matcher {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static Trie words;

    private static List<byte[]> flag(byte[] value) {
        try {
            JsonNode post = JSON.readTree(value);
            String text = post.path("text").asText().toLowerCase(Locale.ROOT);
            ObjectNode event = JSON.createObjectNode();
            for (Emit hit : words.parseText(text))
                event.withArray("matches").add(hit.getKeyword());
            if (event.isEmpty())
                return List.of();
            event.set("id", post.get("id"));
            return List.of(JSON.writeValueAsBytes(event));
        } catch (IOException e) {
            return List.of();
        }
    }

    public static void main(String[] arguments) throws IOException {
        List<String> terms = Files.readAllLines(Path.of(arguments[4])).stream()
            .map(term -> term.toLowerCase(Locale.ROOT)).toList();
        words = Trie.builder().addKeywords(terms).build();

        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments[1]);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments[5]);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                     StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG,
                     Serdes.ByteArraySerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG,
                     Serdes.ByteArraySerde.class);

        StreamsBuilder builder = new StreamsBuilder();
        builder.<byte[], byte[]>stream(arguments[2])
            .flatMapValues(Matcher::flag)
            .to(arguments[3]);
        Topology topology = builder.build();
        KafkaStreams streams = new KafkaStreams(topology, settings);
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
    }
}
