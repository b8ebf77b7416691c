type Preload = (address: string) => void;

let load: Preload = () => undefined;

/** Set by the app, because links must not import the routes. */
export function preloadWith(next: Preload): void {
  load = next;
}

/** Preloads the code and data of an address, on hover or focus of links. */
export function preload(address: string): void {
  load(address);
}
