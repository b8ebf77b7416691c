import { type ComponentType, type LazyExoticComponent, lazy } from "react";

export type LazyPart<Props> = LazyExoticComponent<ComponentType<Props>> & {
  /** Preloads it, on hover or focus. A failure is retried, and reported, when the part is rendered. */
  preload: () => void;
};

/** A component that is loaded as a separate chunk. */
export function lazyPart<Props>(load: () => Promise<ComponentType<Props>>): LazyPart<Props> {
  const part = lazy(() => load().then((component) => ({ default: component })));
  return Object.assign(part, { preload: () => void load().catch(() => undefined) });
}
