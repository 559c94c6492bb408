package dev.tandem.domain;

/**
 * Which sentence encoder made a vector.
 *
 * @param name for people
 * @param hash content hash over weights, tokenizer and settings: 64 hex digits; equal hash, comparable vectors
 * @param dimensions of every vector
 * @param maxTokens longer texts are cut to this many tokens, special tokens included
 */
public record Encoder(String name, String hash, int dimensions, int maxTokens) {}
