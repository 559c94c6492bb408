/**
 * What training made, kept under its content hash: files that never change, the catalog's row with settings, figures and
 * card, and aliases that point at one state or another.
 *
 * <p>{@link dev.tandem.behavior.registry.Registry} is the way in. It knows files and hashes, not what is in them.
 */
@NullMarked
package dev.tandem.behavior.registry;

import org.jspecify.annotations.NullMarked;
