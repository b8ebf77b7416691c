type Preload = (address: string) => void;

let load: Preload = () => undefined;

/** The app says how: links are below the routes, and know none of them. */
export function preloadWith(next: Preload): void {
  load = next;
}

/** Starts loading the code and data of an address, on hover or focus of links. */
export function preload(address: string): void {
  load(address);
}
