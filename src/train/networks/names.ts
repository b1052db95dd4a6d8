/** Arrays are named by paths, `generator/weights/dense1/biases`: taking a branch, and hanging one up. */

type Named<T> = Readonly<Record<string, T>>;

/** What lies under a path, named from there: `dense1/biases` of `generator/weights`. */
export const within = <T>(record: Named<T>, path: string): Record<string, T> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      name.startsWith(`${path}/`) ? [[name.slice(path.length + 1), value]] : [],
    ),
  );

/** The same under a path. */
export const under = <T>(path: string, record: Named<T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [`${path}/${name}`, value]));
