package io.github.autodaemon.examples.notes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Matches;
import org.apache.lucene.search.MatchesIterator;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Weight;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;

/** A Lucene index, open for writing and for searching. Any thread may use it. */
final class DocumentIndex implements AutoCloseable {
    private static final String PATH = "path";
    private static final String MODIFIED = "modified";
    private static final String SIZE = "size";
    private static final String TEXT = "text";

    private static final int MAX_FILES = 20;
    private static final int MAX_LINES_OF_A_FILE = 3;

    /** With offsets, so that a hit knows its line. */
    private static final FieldType TEXT_TYPE = new FieldType(TextField.TYPE_STORED);

    static {
        TEXT_TYPE.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS_AND_OFFSETS);
        TEXT_TYPE.freeze();
    }

    private final Path directory;
    private final Analyzer analyzer = new EnglishAnalyzer();
    private final FSDirectory files;
    private final IndexWriter writer;
    private final SearcherManager searchers;

    private DocumentIndex(Path directory) throws IOException {
        this.directory = directory;
        this.files = FSDirectory.open(directory);
        this.writer = new IndexWriter(files, new IndexWriterConfig(analyzer));
        this.searchers = new SearcherManager(writer, null);
    }

    /** Tells whether a file is still the one that was indexed. */
    record Stamp(long modified, long size) {}

    /** Opens the index, and makes it, for this user only, when there is none. */
    static DocumentIndex open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return new DocumentIndex(directory.toRealPath());
    }

    Path directory() {
        return directory;
    }

    void put(String path, Stamp stamp, String text) throws IOException {
        Document document = new Document();
        document.add(new StringField(PATH, path, Field.Store.YES));
        document.add(new BinaryDocValuesField(PATH, new BytesRef(path)));
        document.add(new NumericDocValuesField(MODIFIED, stamp.modified()));
        document.add(new NumericDocValuesField(SIZE, stamp.size()));
        document.add(new Field(TEXT, text, TEXT_TYPE));
        writer.updateDocument(new Term(PATH, path), document);
    }

    void remove(String path) throws IOException {
        writer.deleteDocuments(new Term(PATH, path));
    }

    /** Makes what was done so far survive a crash. */
    void commit() throws IOException {
        writer.commit();
    }

    /** The indexed files below a folder. */
    Map<String, Stamp> below(Path folder) throws IOException {
        String prefix = folder.getNameCount() == 0 ? folder.toString() : folder + "/";
        searchers.maybeRefreshBlocking();
        IndexSearcher searcher = searchers.acquire();
        try {
            Map<String, Stamp> found = new HashMap<>();
            for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
                collect(leaf.reader(), prefix, found);
            }
            return found;
        } finally {
            searchers.release(searcher);
        }
    }

    private static void collect(LeafReader leaf, String prefix, Map<String, Stamp> found) throws IOException {
        Bits live = leaf.getLiveDocs();
        BinaryDocValues paths = DocValues.getBinary(leaf, PATH);
        NumericDocValues modified = DocValues.getNumeric(leaf, MODIFIED);
        NumericDocValues sizes = DocValues.getNumeric(leaf, SIZE);
        while (paths.nextDoc() != BinaryDocValues.NO_MORE_DOCS) {
            int document = paths.docID();
            String path = paths.binaryValue().utf8ToString();
            if ((live == null || live.get(document))
                    && path.startsWith(prefix)
                    && modified.advanceExact(document)
                    && sizes.advanceExact(document)) {
                found.put(path, new Stamp(modified.longValue(), sizes.longValue()));
            }
        }
    }

    /** The best files' best lines. Sees what was put until now, committed or not. */
    List<Hit> find(String text) throws IOException, QueryException {
        Query query = parse(text);
        searchers.maybeRefreshBlocking();
        IndexSearcher searcher = searchers.acquire();
        try {
            Weight weight = searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE_NO_SCORES, 1);
            List<Hit> hits = new ArrayList<>();
            for (ScoreDoc scored : searcher.search(query, MAX_FILES).scoreDocs) {
                hits.addAll(lines(searcher, weight, scored.doc));
            }
            return hits;
        } catch (IndexSearcher.TooManyClauses e) {
            throw new QueryException("the query stands for too many words", e);
        } finally {
            searchers.release(searcher);
        }
    }

    private Query parse(String text) throws QueryException {
        try {
            return new QueryParser(TEXT, analyzer).parse(text);
        } catch (ParseException | IllegalArgumentException | TooComplexToDeterminizeException e) {
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new QueryException("the query cannot be understood: " + message, e);
        }
    }

    /** A file matched as a whole, which may take several lines; those with the most matches are shown. */
    private static List<Hit> lines(IndexSearcher searcher, Weight weight, int id) throws IOException {
        List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(id, leaves));
        Document document = searcher.storedFields().document(id);
        String path = TextFile.printable(document.get(PATH));
        Lines lines = new Lines(document.get(TEXT));
        Map<Integer, Integer> matchesOfLine = new TreeMap<>();
        Matches matches = weight.matches(leaf, id - leaf.docBase);
        MatchesIterator each = matches == null ? null : matches.getMatches(TEXT);
        while (each != null && each.next()) {
            matchesOfLine.merge(lines.lineAt(Math.max(0, each.startOffset())), 1, Integer::sum);
        }
        if (matchesOfLine.isEmpty()) {
            // A query such as *:* matches files and no words.
            matchesOfLine.put(1, 0);
        }
        return matchesOfLine.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
                .limit(MAX_LINES_OF_A_FILE)
                .map(line -> new Hit(path, line.getKey(), lines.text(line.getKey())))
                .toList();
    }

    /** Commits, and lets go of the lock. */
    @Override
    public void close() throws IOException {
        try (files;
                writer;
                searchers) {
            writer.commit();
        }
    }
}
