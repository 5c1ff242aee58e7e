package dev.fovea.jobs.data.shard;

import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;

/**
 * Hands on pages whose values lie one behind the other, the only ones that a shard has.
 *
 * <p>A dictionary, or differences between values, could make gigabytes of a few bytes, and a page
 * says itself how it is encoded, whatever the footer says.
 */
record PlainPages(PageReadStore pages) implements PageReadStore {

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    return new PlainPageReader(column, pages.getPageReader(column));
  }

  @Override
  public long getRowCount() {
    return pages.getRowCount();
  }

  @Override
  public Optional<Long> getRowIndexOffset() {
    return pages.getRowIndexOffset();
  }

  private record PlainPageReader(ColumnDescriptor column, PageReader pages) implements PageReader {
    @Override
    public DictionaryPage readDictionaryPage() {
      if (pages.readDictionaryPage() != null) {
        throw notPlain("a dictionary");
      }
      return null;
    }

    @Override
    public long getTotalValueCount() {
      return pages.getTotalValueCount();
    }

    @Override
    public DataPage readPage() {
      DataPage page = pages.readPage();
      if (page instanceof DataPageV1 first) {
        if (first.getValueEncoding() != Encoding.PLAIN) {
          throw notPlain("a page in " + first.getValueEncoding());
        }
      } else if (page != null) {
        throw notPlain("a page of version 2");
      }
      return page;
    }

    private IllegalStateException notPlain(String found) {
      return new IllegalStateException(
          "column '%s' has %s: only pages of version 1 in %s are allowed"
              .formatted(String.join(".", column.getPath()), found, Encoding.PLAIN));
    }
  }
}
