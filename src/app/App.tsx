import { QueryClientProvider } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { Layout } from "@/app/layout/Layout.tsx";
import { Toasts } from "@/app/layout/Toasts.tsx";
import { queryClient } from "@/lib/queryClient.ts";
import { Routes } from "@/lib/router/router.tsx";
import { useZones } from "@/lib/zones/useZones.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { onZonesChanged, zoneGeneration } from "@/lib/zones/zoneRules.ts";
import { routes } from "./routes.ts";

export function App() {
  useZones(useViewerTimeZone());
  // Formats all times again when time zone rules have loaded.
  useSyncExternalStore(onZonesChanged, zoneGeneration);
  return (
    <QueryClientProvider client={queryClient}>
      <Layout>
        {/* New elements each time: React does not render one again that is the same. */}
        <Routes routes={routes.map(({ pattern, Page }) => ({ pattern, element: <Page /> }))} />
      </Layout>
      <Toasts />
    </QueryClientProvider>
  );
}
