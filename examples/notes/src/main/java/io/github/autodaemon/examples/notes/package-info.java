/** Full-text search over a folder: an index that is expensive to open and cheap to use, held open by a daemon. */
package io.github.autodaemon.examples.notes;
