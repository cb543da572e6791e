package booking.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.TopicImage;
import org.apache.kafka.metadata.LeaderAndIsr;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A partition that has no leader at the moment is not taken for one that was deleted. Kafka does so (4.3.1 and 4.4.0;
 * <a href="https://github.com/apache/kafka/pull/22680">KAFKA-20734</a>, open), and then calls transactions complete without
 * having told that partition: nobody can read on in it, or what was aborted is read. Where there is only one broker, no
 * partition has a leader for a moment after it was killed or stood still. This corrects that one method, in the process of
 * the embedded broker alone, until there is a Kafka that needs no correction.
 */
public final class MarkersForOfflinePartitions {
    private static final String CORRECTED = "org/apache/kafka/metadata/KRaftMetadataCache";
    private static final String METHOD = "getPartitionLeaderEndpoint";
    private static final String METHOD_TYPE = Type.getMethodDescriptor(
            Type.getType(Optional.class), Type.getType(String.class), Type.INT_TYPE, Type.getType(ListenerName.class));
    private static final String FIELD = "currentImage";
    private static final String FIELD_TYPE = Type.getDescriptor(MetadataImage.class);

    private MarkersForOfflinePartitions() {}

    /**
     * Loads the class with the correction in it.
     *
     * @throws IllegalStateException when it cannot: it was loaded already, or another version of Kafka is not like this
     */
    static void install() {
        ClassLoader loader = MarkersForOfflinePartitions.class.getClassLoader();
        try (InputStream original = loader.getResourceAsStream(CORRECTED + ".class")) {
            if (original == null) {
                throw new IllegalStateException("cannot correct " + CORRECTED + ": there is none");
            }
            ClassReader reader = new ClassReader(original);
            ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
            Correction correction = new Correction(writer);
            reader.accept(correction, 0);
            if (!correction.hasMethod || !correction.hasField) {
                throw new IllegalStateException("cannot correct " + CORRECTED + ": it has no " + METHOD + METHOD_TYPE
                        + " or no " + FIELD + " of type " + FIELD_TYPE);
            }
            // A class of the same package is what gives the right to add one to it.
            MethodHandles.privateLookupIn(LeaderAndIsr.class, MethodHandles.lookup())
                    .defineClass(writer.toByteArray());
        } catch (IOException | IllegalAccessException | LinkageError e) {
            throw new IllegalStateException("cannot correct " + CORRECTED + ": " + e, e);
        }
    }

    /**
     * What the corrected method gives back. Public as Kafka's class calls it; of no use to others.
     *
     * @param leader what Kafka found: empty also where the partition exists and has no leader
     * @return {@link Node#noNode()} for such a partition, which has Kafka look again until there is a leader
     */
    public static Optional<Node> leaderOrNoNode(
            Optional<Node> leader, MetadataImage image, String topicName, int partition) {
        if (leader.isEmpty()) {
            TopicImage topic = image.topics().getTopic(topicName);
            if (topic != null && topic.partitions().containsKey(partition)) {
                return Optional.of(Node.noNode());
            }
        }
        return leader;
    }

    /** Has {@link #leaderOrNoNode} called with what the method is about to give back. */
    private static final class Correction extends ClassVisitor {
        private boolean hasMethod;
        private boolean hasField;

        Correction(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public FieldVisitor visitField(int access, String name, String type, String signature, Object value) {
            hasField |= name.equals(FIELD) && type.equals(FIELD_TYPE);
            return super.visitField(access, name, type, signature, value);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
            MethodVisitor method = super.visitMethod(access, name, type, signature, exceptions);
            if (!name.equals(METHOD) || !type.equals(METHOD_TYPE)) {
                return method;
            }
            hasMethod = true;
            return new MethodVisitor(Opcodes.ASM9, method) {
                @Override
                public void visitInsn(int opcode) {
                    if (opcode == Opcodes.ARETURN) {
                        visitVarInsn(Opcodes.ALOAD, 0);
                        visitFieldInsn(Opcodes.GETFIELD, CORRECTED, FIELD, FIELD_TYPE);
                        visitVarInsn(Opcodes.ALOAD, 1);
                        visitVarInsn(Opcodes.ILOAD, 2);
                        visitMethodInsn(
                                Opcodes.INVOKESTATIC,
                                Type.getInternalName(MarkersForOfflinePartitions.class),
                                "leaderOrNoNode",
                                Type.getMethodDescriptor(
                                        Type.getType(Optional.class),
                                        Type.getType(Optional.class),
                                        Type.getType(MetadataImage.class),
                                        Type.getType(String.class),
                                        Type.INT_TYPE),
                                false);
                    }
                    super.visitInsn(opcode);
                }
            };
        }
    }
}
