import {
  type ComponentProps,
  createContext,
  type MouseEvent,
  type ReactNode,
  use,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from "react";
import {
  currentLocation,
  type Location,
  type NavigateOptions,
  navigate,
  onLocationChange,
} from "./location.ts";
import { matchPath, type Params } from "./matchPath.ts";

const ParamsContext = createContext<Params>({});

export function useLocation(): Location {
  return useSyncExternalStore(onLocationChange, currentLocation);
}

/** The parameters of the route that the component is in. */
export function useParams(): Params {
  return use(ParamsContext);
}

/** The query of the address, and a function that replaces it. */
export function useSearchParams(): [
  URLSearchParams,
  (next: URLSearchParams, options?: NavigateOptions) => void,
] {
  const { search } = useLocation();
  const params = useMemo(() => new URLSearchParams(search), [search]);
  return [params, (next, options) => navigate(`?${next}`, options)];
}

type RoutesProps = { routes: readonly { pattern: string; element: ReactNode }[] };

/** The first route whose pattern matches the address. */
export function Routes({ routes }: RoutesProps) {
  const { pathname } = useLocation();
  for (const { pattern, element } of routes) {
    const params = matchPath(pattern, pathname);
    if (params) return <ParamsContext value={params}>{element}</ParamsContext>;
  }
  return null;
}

type LinkProps = Omit<ComponentProps<"a">, "href"> & NavigateOptions & { to: string };

/** A link to a page of this app. A link to the current address adds no entry to the history. */
export function Link({ to, replace, state, onClick, ...props }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || !isPlainClick(event)) return;
    event.preventDefault();
    const isHere = event.currentTarget.href === window.location.href;
    navigate(to, { replace: replace ?? isHere, state });
  };
  return <a {...props} href={to} onClick={follow} />;
}

/** Others open a tab or a menu. */
function isPlainClick(event: MouseEvent<HTMLAnchorElement>): boolean {
  const { target } = event.currentTarget;
  const hasKey = event.metaKey || event.altKey || event.ctrlKey || event.shiftKey;
  return event.button === 0 && !hasKey && (target === "" || target === "_self");
}

/** Goes to another page as soon as it is rendered. */
export function Navigate({ to, replace, state }: NavigateOptions & { to: string }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the options belong to the address.
  useEffect(() => navigate(to, { replace, state }), [to]);
  return null;
}
