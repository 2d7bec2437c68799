/**
 * Runs `work` on each item with at most `width` running at once, and gives the results in the items' order.
 * No more than `width` results wait, so memory is bounded. When one fails, the rest is awaited and dropped.
 */
export async function* orderedWindow<T, R>(
  items: AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const promise = work(item);
      // A failure is thrown where its turn comes; until then it must not count as unhandled.
      promise.catch(() => {});
      running.push(promise);
      if (running.length < width) continue;
      const first = running.shift();
      if (first !== undefined) yield await first;
    }
    for (let first = running.shift(); first !== undefined; first = running.shift()) yield await first;
  } finally {
    await Promise.allSettled(running);
  }
}
