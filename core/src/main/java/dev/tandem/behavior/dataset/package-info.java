/**
 * Datasets of examples: read from files, checked, and split.
 *
 * <p>{@link dev.tandem.behavior.dataset.Importer} reads files and says of every row that is no example why;
 * {@link dev.tandem.behavior.dataset.Split} says which examples are learned from and which are measured on, so that no
 * near copy of a measured one was learned; {@link dev.tandem.behavior.dataset.Checks} finds what makes a dataset worth less
 * than it seems, {@link dev.tandem.behavior.dataset.Leakage} what stands on both sides of any two lists of texts, and
 * {@link dev.tandem.behavior.dataset.ExportFormat} writes examples so that they are read back as they were. Versions and
 * who may read them are kept by {@link dev.tandem.catalog.Datasets} and {@link dev.tandem.catalog.DatasetWriter}.
 */
@NullMarked
package dev.tandem.behavior.dataset;

import org.jspecify.annotations.NullMarked;
