package dev.tandem.domain;

/** A reranker that holds memory until it is closed. */
public interface OpenReranker extends Reranker, AutoCloseable {
    @Override
    void close();
}
