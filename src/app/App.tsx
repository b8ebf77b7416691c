import { QueryClientProvider } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { BrowserRouter, Route, Routes } from "react-router";
import { Layout } from "@/app/layout/Layout.tsx";
import { Toasts } from "@/app/layout/Toasts.tsx";
import { queryClient } from "@/lib/queryClient.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { onZonesChanged, zoneGeneration } from "@/lib/zones/zoneRules.ts";
import { routes } from "./routes.tsx";

export function App() {
  useZones(useViewerTimeZone());
  // Formats all times again when time zone rules have loaded.
  useSyncExternalStore(onZonesChanged, zoneGeneration);
  return (
    <QueryClientProvider client={queryClient}>
      {/* The address holds the chosen session and time: as transitions they would lag behind their radio buttons. */}
      <BrowserRouter useTransitions={false}>
        <Routes>
          <Route element={<Layout />}>
            {routes.map(({ pattern, Page }) => (
              <Route key={pattern} path={pattern} element={<Page />} />
            ))}
          </Route>
        </Routes>
      </BrowserRouter>
      <Toasts />
    </QueryClientProvider>
  );
}
