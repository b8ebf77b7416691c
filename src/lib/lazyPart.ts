import { type ComponentType, type LazyExoticComponent, lazy } from "react";

export type LazyPart<Props> = LazyExoticComponent<ComponentType<Props>> & {
  /** On hover or focus of what opens it. A failure is tried again, and reported, when the part is really shown. */
  preload: () => void;
};

/** A part of the app that is a chunk of its own. */
export function lazyPart<Props>(load: () => Promise<ComponentType<Props>>): LazyPart<Props> {
  const part = lazy(() => load().then((component) => ({ default: component })));
  return Object.assign(part, { preload: () => void load().catch(() => undefined) });
}
