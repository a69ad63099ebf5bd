/** Cuts a list into runs of at most `size`, in order; none for an empty list. */
export function toBatches<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const batches: (readonly T[])[] = [];
  for (let start = 0; start < all.length; start += size) batches.push(all.slice(start, start + size));
  return batches;
}
