package dev.tandem.knowledge.ingest;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A file system whose power fails before its n-th change. What then survives is what a disk promises: bytes of a file as they
 * were when it was last forced, names in a folder as they were when the folder was. Of everything later, chance decides for
 * each file and each name whether it came to be; bytes that were not forced may also be torn.
 *
 * <p>SQLite writes beside it, to the same files: its log is forced by itself at each commit, and what it wrote counts as
 * written wherever its folder survives.
 */
final class PowerCut extends Beneath {

    /** The power is gone. */
    static final class PowerFailure extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A file or folder, whatever it is called at the moment. */
    private static final class Node {
        final boolean folder;
        /** Names that survive. */
        Map<String, Node> names = new HashMap<>();
        /** Bytes that survive; null where none were ever forced. */
        byte[] bytes;

        Node(boolean folder) {
            this.folder = folder;
        }
    }

    private final Path root;
    private final Map<Path, Node> nodes = new HashMap<>();
    private final Path survivors;
    private final SplittableRandom random;
    private long cutBefore;
    private long changes;
    private boolean cut;
    private boolean full;
    private boolean freed;
    /** Places in the program that forced something. */
    private final Set<String> forces = new TreeSet<>();

    private String ignored = "";

    /**
     * Over what is below a folder, which is there and survives.
     *
     * @param survivors a folder that is made when the power fails
     * @param cutBefore the number of the change, from 1, that comes too late
     */
    PowerCut(Path root, Path survivors, long cutBefore, SplittableRandom random) {
        super(root.getFileSystem());
        this.root = root;
        this.survivors = survivors;
        this.cutBefore = cutBefore;
        this.random = random;
        nodes.put(root, new Node(true));
    }

    Path path() {
        return above(root);
    }

    long changes() {
        return changes;
    }

    /** Places in the program that forced something, each as its class, method and line. */
    synchronized Set<String> forces() {
        return new TreeSet<>(forces);
    }

    /** As if the program forced nothing in that place. */
    synchronized PowerCut without(String force) {
        ignored = force;
        return this;
    }

    /** Who wanted it, beyond what the class itself calls forcing. */
    private static String place() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> frame.getClassName().startsWith("dev.tandem.")
                                && !frame.getClassName().startsWith(PowerCut.class.getName())
                                && !frame.getMethodName().equals("force"))
                        .findFirst()
                        .map(frame -> frame.getClassName().replaceAll(".*\\.", "") + "." + frame.getMethodName() + ":"
                                + frame.getLineNumber())
                        .orElse("Lucene"));
    }

    /** As if nobody had forced the names of that folder yet. */
    synchronized void unforce(Path folder) {
        node(real(folder)).names = new HashMap<>();
    }

    /** Fails now, if it did not before. */
    synchronized void cut() {
        if (!cut) {
            cut = true;
            try {
                survive(root, node(root), survivors);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Instead of losing its power the disk is full before its n-th change from now, until {@link #free}. */
    synchronized void fillBefore(long change) {
        full = true;
        cutBefore = changes + change;
    }

    synchronized void free() {
        full = false;
        freed = true;
    }

    private synchronized void takeSpace() throws IOException {
        change();
        if (full && changes >= cutBefore) {
            throw new IOException("No space left on device");
        }
    }

    private synchronized void change() {
        changes++;
        if (full || freed) {
            return;
        }
        if (!cut && changes >= cutBefore) {
            cut();
        }
        if (cut) {
            throw new PowerFailure();
        }
    }

    private Node node(Path path) {
        Node node = nodes.get(path);
        if (node == null) {
            throw new IllegalStateException("not tracked: " + path);
        }
        return node;
    }

    private void survive(Path from, Node folder, Path to) throws IOException {
        Files.createDirectories(to);
        Map<String, Node> now = now(from);
        var names = new TreeSet<>(now.keySet());
        names.addAll(folder.names.keySet());
        for (String name : names) {
            Node before = folder.names.get(name);
            Node after = now.get(name);
            Node node = before == after || random.nextBoolean() ? after : before;
            if (node == null) {
                continue;
            }
            if (node.folder) {
                survive(after == node ? from.resolve(name) : from.resolve(".nowhere"), node, to.resolve(name));
            } else {
                Files.write(to.resolve(name), bytes(node, after == node ? from.resolve(name) : null));
            }
        }
        if (Files.isDirectory(from)) {
            try (Stream<Path> all = Files.list(from)) {
                for (Path each : all.toList()) {
                    if (!nodes.containsKey(each) && Files.isRegularFile(each)) {
                        Files.copy(each, to.resolve(each.getFileName().toString()));
                    }
                }
            }
        }
    }

    private Map<String, Node> now(Path folder) {
        var now = new HashMap<String, Node>();
        nodes.forEach((path, node) -> {
            if (folder.equals(path.getParent()) && !path.equals(root)) {
                now.put(path.getFileName().toString(), node);
            }
        });
        return now;
    }

    private byte[] bytes(Node node, Path now) throws IOException {
        byte[] forced = node.bytes == null ? new byte[0] : node.bytes;
        if (now == null || !Files.exists(now)) {
            return forced;
        }
        byte[] written = Files.readAllBytes(now);
        if (node.bytes != null && Arrays.equals(forced, written)) {
            return forced;
        }
        return switch (random.nextInt(3)) {
            case 0 -> forced;
            case 1 -> new byte[written.length];
            default -> Arrays.copyOf(written, random.nextInt(written.length + 1));
        };
    }

    private boolean isTracked(Path path) {
        return path.startsWith(root);
    }

    private void opened(Path path, Set<? extends OpenOption> options) {
        if (isTracked(path) && options.contains(StandardOpenOption.WRITE)) {
            nodes.computeIfAbsent(path, _ -> new Node(false));
        }
    }

    private boolean makes(Path path, Set<? extends OpenOption> options) {
        return isTracked(path)
                && (options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW));
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Path real = real(path);
        if (makes(real, options)) {
            takeSpace();
        }
        FileChannel channel = super.newFileChannel(path, options, attributes);
        synchronized (this) {
            opened(real, options);
        }
        return options.contains(StandardOpenOption.WRITE) || Files.isDirectory(real)
                ? new Seen(channel, real)
                : channel;
    }

    /** A channel whose writing and forcing is seen. */
    private final class Seen extends FileChannel {
        private final FileChannel channel;
        private final Path real;

        Seen(FileChannel channel, Path real) {
            this.channel = channel;
            this.real = real;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            takeSpace();
            return channel.write(bytes);
        }

        @Override
        public long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
            takeSpace();
            return channel.write(bytes, offset, length);
        }

        @Override
        public int write(ByteBuffer bytes, long at) throws IOException {
            takeSpace();
            return channel.write(bytes, at);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            if (Files.isDirectory(real)) {
                change(); // names of a folder have their space already
            } else {
                takeSpace();
            }
            String place = place();
            synchronized (PowerCut.this) {
                forces.add(place);
                // Unforced, it may have come to the disk all the same, this time and not the next.
                if (place.equals(ignored) && random.nextBoolean()) {
                    return;
                }
            }
            forced(real);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            takeSpace();
            channel.truncate(size);
            return this;
        }

        @Override
        public int read(ByteBuffer bytes) throws IOException {
            return channel.read(bytes);
        }

        @Override
        public long read(ByteBuffer[] bytes, int offset, int length) throws IOException {
            return channel.read(bytes, offset, length);
        }

        @Override
        public int read(ByteBuffer bytes, long at) throws IOException {
            return channel.read(bytes, at);
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public FileChannel position(long to) throws IOException {
            channel.position(to);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
            return channel.transferTo(at, count, target);
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
            takeSpace();
            return channel.transferFrom(source, at, count);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long at, long size) throws IOException {
            return channel.map(mode, at, size);
        }

        @Override
        public FileLock lock(long at, long size, boolean shared) throws IOException {
            return channel.lock(at, size, shared);
        }

        @Override
        public FileLock tryLock(long at, long size, boolean shared) throws IOException {
            return channel.tryLock(at, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            channel.close();
        }
    }

    private synchronized void forced(Path path) throws IOException {
        Node node = nodes.get(path);
        if (node == null) {
            return;
        }
        if (node.folder) {
            node.names = now(path);
        } else {
            node.bytes = Files.readAllBytes(path);
        }
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return options.contains(StandardOpenOption.WRITE)
                ? newFileChannel(path, options, attributes)
                : super.newByteChannel(path, options, attributes);
    }

    @Override
    public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
        var all = new HashSet<OpenOption>();
        all.addAll(
                options.length == 0
                        ? List.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)
                        : Arrays.asList(options));
        all.add(StandardOpenOption.WRITE);
        return Channels.newOutputStream(newFileChannel(path, all));
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        Path real = real(folder);
        if (isTracked(real) && !Files.exists(real)) {
            takeSpace();
        }
        super.createDirectory(folder, attributes);
        synchronized (this) {
            if (isTracked(real)) {
                nodes.putIfAbsent(real, new Node(true));
            }
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        change();
        super.delete(path);
        synchronized (this) {
            nodes.remove(real(path));
        }
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        if (!Files.exists(real(path))) {
            return false;
        }
        delete(path);
        return true;
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        change();
        super.move(source, target, options);
        synchronized (this) {
            Path from = real(source);
            Path to = real(target);
            nodes.keySet().removeIf(path -> path.startsWith(to));
            var moved = new ArrayList<Path>();
            nodes.keySet().stream().filter(path -> path.startsWith(from)).forEach(moved::add);
            for (Path each : moved) {
                nodes.put(to.resolve(from.relativize(each)), nodes.remove(each));
            }
        }
    }
}
