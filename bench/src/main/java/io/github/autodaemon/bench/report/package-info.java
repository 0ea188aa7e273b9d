/** From figures to a table, to plots, and to the document that shows them. */
package io.github.autodaemon.bench.report;
