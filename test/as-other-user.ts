/** Root may read and write anything: what permissions do is seen as somebody else. */
const NOBODY = 65534;

/** Does the work as nobody where this process is root; anybody else is ordinary already. */
export async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid!(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}
