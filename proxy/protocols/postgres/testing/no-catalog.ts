import type { SharedCatalog } from '../shared-catalog'

/** No snapshot, and none to be had: what depends on one is not clear. */
export const NO_CATALOG: SharedCatalog = {
  catalog: null,
  isNew: false,
  begun: () => undefined,
  settled: () => undefined,
  changed: () => undefined,
  better: () => null,
  close: () => undefined,
}
