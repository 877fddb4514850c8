package io.thunderhead.store;

final class NaivePostStoreTest extends PostStoreContract {
  @Override
  Subject subject(StoreConfig config) {
    return new NaivePostStore(config);
  }
}
