/** Amounts. They come formatted. */
export const free = "Free";
