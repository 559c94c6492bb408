package dev.tandem.domain;

/** An encoder that holds memory until it is closed. */
public interface OpenEmbedder extends Embedder, AutoCloseable {
    @Override
    void close();
}
