package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AuthorTableTest {
  private static final long ID = 88;
  private static final long HASH = IdHash.of(ID);

  private final AuthorTable table = new AuthorTable(10, new StoreBytes());

  private int authorWithPost(long created) {
    int author = table.add(ID, HASH);
    table.link(author, Timelines.ORIGINALS, 7, created << 32, 0);
    table.settle(author);
    return author;
  }

  private long word() {
    return table.find(ID, HASH);
  }

  @Test
  void settle_tellsTheNewestCreation() {
    int author = authorWithPost(500);
    assertThat(AuthorTable.newest(word())).isEqualTo(500);
    table.link(author, Timelines.ORIGINALS, 8, 400L << 32, 0);
    table.settle(author);
    assertThat(AuthorTable.newest(word())).isEqualTo(500);
    table.unlink(author, Timelines.ORIGINALS, 500, 7);
    table.settle(author);
    assertThat(AuthorTable.newest(word())).isEqualTo(400);
  }

  @Test
  void settle_withoutPosts_letsTheAuthorGoAndTheNumberBeUsedAgain() {
    int author = authorWithPost(500);
    table.unlink(author, Timelines.ORIGINALS, 500, 7);
    table.settle(author);
    assertThat(word()).isZero();
    assertThat(table.authors()).isZero();
    table.giveBack();
    assertThat(authorWithPost(600)).isEqualTo(author);
  }

  @Test
  void number_ofAnAuthorWhoHasLeft_waitsForReaders() {
    ReaderEpochs.Reader reader = table.newReader();
    int gone = authorWithPost(500);
    reader.begin();
    table.unlink(gone, Timelines.ORIGINALS, 500, 7);
    table.settle(gone);
    table.giveBack();
    assertThat(authorWithPost(600)).isNotEqualTo(gone);
    reader.end();
    table.giveBack();
    assertThat(table.add(ID + 1, IdHash.of(ID + 1))).isEqualTo(gone);
  }

  @Test
  void settle_ofAnAuthorWhoHasLeft_leavesTheNextOfTheSameIdAlone() {
    int gone = authorWithPost(500);
    table.unlink(gone, Timelines.ORIGINALS, 500, 7);
    table.settle(gone);
    int next = authorWithPost(600);
    table.settle(gone);
    assertThat(AuthorTable.number(word())).isEqualTo(next);
    assertThat(AuthorTable.newest(word())).isEqualTo(600);
  }

  @Test
  void dropExpired_takesEverythingBeforeTheHorizonOnly() {
    int author = authorWithPost(500);
    table.link(author, Timelines.ORIGINALS, 8, 501L << 32, 0);
    table.link(author, Timelines.ORIGINALS, 9, 502L << 32, 0);
    table.dropExpired(author, 502);
    assertThat(Timelines.size(table.timeline(author, Timelines.ORIGINALS))).isEqualTo(1);
    assertThat(table.entries(Timelines.ORIGINALS)).isEqualTo(1);
    table.dropExpired(author, 503);
    assertThat(table.isEmpty(author)).isTrue();
    table.giveBack();
    assertThat(table.timelineBytes()).isZero();
  }
}
