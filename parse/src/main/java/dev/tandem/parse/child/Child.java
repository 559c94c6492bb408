package dev.tandem.parse.child;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The process: says that it is ready, takes a file (what is to be done with it, name, length, bytes), answers, and is ready again, until standard input
 * ends or its parent is gone. Its folder for temporary files is its parent's to make, to watch and to remove.
 */
public final class Child {

    /** Ended for want of memory; the JVM's own code for that, too. */
    public static final int OUT_OF_MEMORY = 3;

    private static final int STACK = 16 << 20;

    private Child() {}

    /**
     * Runs until standard input ends.
     *
     * @param args the {@link Bounds}, the folder for temporary files, the command that recognises text (empty for none) and
     *     the languages that it looks for
     */
    public static void main(String[] args) throws IOException {
        var in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        var out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
        // What libraries print must not stand between frames.
        System.setOut(System.err);
        shutNetwork();
        leaveWithParent(Path.of(args[1]));
        var worker = new Thread(null, () -> work(args, in, out), "read", STACK);
        worker.start();
    }

    private static void work(String[] args, DataInputStream in, DataOutputStream out) {
        try {
            Bounds bounds = Bounds.parse(args[0]);
            Path folder = Path.of(args[1]);
            var reading = new Reading(bounds);
            var pages = new PageReading(bounds);
            var recognition = new Recognition(bounds, args[2], args[3]);
            while (true) {
                Frame.of(Frame.Kind.READY).write(out);
                out.flush();
                Task task = Task.of(in.readUnsignedByte());
                String name = in.readUTF();
                Path file = Files.createTempFile(folder, "file", "");
                copy(in, in.readLong(), file);
                switch (task) {
                    case READ -> reading.read(name, file, out);
                    case READ_PAGES -> pages.read(file, out);
                    case UNPACK -> new Unpacking(bounds, out).read(name, file);
                    case RECOGNISE -> recognition.read(file, out);
                }
                out.flush();
                clear(folder);
            }
        } catch (EOFException done) {
            Runtime.getRuntime().halt(0);
        } catch (OutOfMemoryError e) {
            Runtime.getRuntime().halt(OUT_OF_MEMORY);
        } catch (Throwable e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void copy(DataInputStream in, long length, Path file) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream to = Files.newOutputStream(file)) {
            for (long left = length; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException();
                }
                to.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    /** Documents name addresses of the network in many ways; none of them is followed. */
    @SuppressWarnings("deprecation") // there is no other way to refuse sockets to everything in a process
    private static void shutNetwork() throws IOException {
        URL.setURLStreamHandlerFactory(protocol -> switch (protocol) {
            case "file", "jar", "jrt" -> null;
            default -> new Shut();
        });
        Socket.setSocketImplFactory(() -> {
            throw new UnsupportedOperationException("no network here");
        });
    }

    private static void leaveWithParent(Path folder) {
        ProcessHandle parent = ProcessHandle.current().parent().orElse(null);
        if (parent == null) {
            return;
        }
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            while (parent.isAlive()) {
                try {
                    Thread.sleep(500);
                } catch (InterruptedException e) {
                    break;
                }
            }
            clear(folder);
            folder.toFile().delete();
            Runtime.getRuntime().halt(0);
        });
    }

    private static void clear(Path folder) {
        File @Nullable [] left = folder.toFile().listFiles();
        if (left != null) {
            for (File each : left) {
                if (each.isDirectory() && !Files.isSymbolicLink(each.toPath())) {
                    clear(each.toPath());
                }
                each.delete();
            }
        }
    }

    /** Opens nothing. */
    private static final class Shut extends java.net.URLStreamHandler {
        @Override
        protected java.net.URLConnection openConnection(URL address) throws IOException {
            throw new IOException("no network here");
        }
    }
}
