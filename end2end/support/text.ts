/** So many letters in the order of the alphabet, from the beginning again after its end. */
export function letters(first: 'a' | 'A', count: number): string {
  const start = first.charCodeAt(0);
  return Array.from({ length: count }, (_, index) => String.fromCharCode(start + (index % 26))).join('');
}
