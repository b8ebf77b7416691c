import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { environmentNames, readConfig } from "../server/platform/config.ts";
import { end, runApp } from "../server/testing/appProcess.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface Service {
  image: string;
  command?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  user?: string;
  environment?: Record<string, string>;
  env_file?: { path: string }[];
  secrets?: string[];
  healthcheck?: { disable?: boolean; test?: string[] };
}
interface Compose {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
}

/** What the image's commands may be. */
const exists = (command: readonly string[]): boolean =>
  (command.join(" ").match(/\b(?:server|scripts)\/\w+\.ts/g) ?? []).every((file) => read(file) !== "");
/** Variables that the app does not read. */
const strange = (names: readonly string[]): string[] =>
  names.filter((name) => !environmentNames.includes(name.replace(/_FILE$/, "")));

function faultsOfCompose(text: string): string[] {
  const { services, secrets } = parse(text, { merge: true }) as Compose;
  return Object.entries(services).flatMap(([name, service]) => {
    const { environment = {}, command = [] } = service;
    const given = service.secrets ?? [];
    const paths = Object.values(environment).filter((value) => value.startsWith("/run/secrets/"));
    const faults = [
      ...(service.read_only ? [] : ["can write its files"]),
      ...(service.cap_drop?.join() === "ALL" ? [] : ["keeps capabilities"]),
      ...(service.security_opt?.includes("no-new-privileges:true") ? [] : ["may gain privileges"]),
      ...(service.user?.startsWith("0") || service.user === "root" ? ["is root"] : []),
      ...given.filter((secret) => !secrets[secret]).map((secret) => `has no file for ${secret}`),
      ...paths.filter((path) => !given.includes(path.slice(13))).map((path) => `is not given ${path}`),
      ...Object.entries(environment)
        .filter(([key, value]) => /PASSWORD|SECRET|TOKEN/.test(key) && !value.startsWith("/run/secrets/"))
        .map(([key]) => `${key} is not a file`),
      ...(service.image === "matepeak" ? strange(Object.keys(environment)) : []),
      ...(exists(command) ? [] : [`runs ${command.join(" ")}`]),
      // What runs (MIGRATE=off) needs mail, payments and the rest of the README.
      ...(environment.MIGRATE === "off" && service.env_file?.[0]?.path !== ".env"
        ? ["is not given the settings"]
        : []),
    ];
    return faults.map((fault) => `${name}: ${fault}`);
  });
}

describe("compose.yaml", () => {
  const text = read("compose.yaml");

  it("keeps its promises", () => {
    expect(Object.keys((parse(text) as Compose).services)).toEqual(
      expect.arrayContaining(["app", "worker", "migrate", "postgres", "pgbouncer", "backup"]),
    );
    expect(faultsOfCompose(text)).toEqual([]);
  });

  it.each([
    ["read_only: true", "read_only: false"],
    ["cap_drop: [ALL]", "cap_drop: []"],
    ["no-new-privileges:true", "label:disable"],
    ["    env_file: *settings\n", ""],
    ["QUEUE_URL_FILE:", "QUEUES_URL_FILE:"],
    ["  - queue_url\n", ""],
    ["AUTH_SECRET_FILE: /run/secrets/auth_secret", "AUTH_SECRET: given"],
    ['user: "999:999"', 'user: "0:0"'],
  ])("twin: %s → %s is found", (from, to) => {
    expect(text).toContain(from);
    expect(faultsOfCompose(text.replace(from, to))).not.toEqual([]);
  });

  it("keeps its secrets out of the repository and of the image", () => {
    const { secrets } = parse(text) as Compose;
    for (const { file } of Object.values(secrets)) expect(file).toMatch(/^deploy\/secrets\//);
    expect(read(".gitignore")).toContain("deploy/secrets/");
    expect(read(".dockerignore")).not.toContain("!deploy");
  });
});

interface Container {
  name: string;
  command?: string[];
  ports?: { name: string; containerPort: number }[];
  env?: { name: string; value: string }[];
  envFrom?: { configMapRef: { name: string } }[];
  resources?: { requests?: object; limits?: { memory?: string } };
  securityContext?: Record<string, unknown> & { capabilities?: { drop?: string[] } };
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
}
interface Probe {
  httpGet: { path: string; port: string };
}
interface Pod {
  metadata: { labels: { app: string } };
  spec: {
    terminationGracePeriodSeconds: number;
    automountServiceAccountToken?: boolean;
    securityContext: { runAsNonRoot?: boolean; runAsUser?: number; seccompProfile?: { type: string } };
    topologySpreadConstraints?: object[];
    containers: Container[];
  };
}
interface Manifest {
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  data?: Record<string, string>;
  spec: {
    template?: Pod;
    jobTemplate?: { spec: { template: Pod } };
    selector?: { app?: string; matchLabels?: { app: string } };
    ports?: { targetPort: string }[];
  };
}

const folder = "deploy/kubernetes";
const manifestsOf = (files: readonly string[]): Manifest[] =>
  files.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Manifest));
const podOf = ({ spec }: Manifest): Pod | undefined => spec?.template ?? spec?.jobTemplate?.spec.template;

function faultsOfPod({ kind }: Manifest, { spec, metadata }: Pod, data: Record<string, string>): string[] {
  const { securityContext: pod, containers } = spec;
  const serves = kind === "Deployment";
  const faults = containers.flatMap((container) => {
    const { securityContext: own = {}, env = [], command = [], envFrom = [] } = container;
    const values = {
      ...(envFrom.length > 0 ? data : {}),
      ...Object.fromEntries(env.map((e) => [e.name, e.value])),
    };
    const drain = Number(values["DRAIN_SECONDS"] ?? 5);
    const port = Number(values["WORKER_PORT"] ?? 3000);
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
    const asked = probes.map((probe) => probe?.httpGet.path).join();
    return [
      ...(own["readOnlyRootFilesystem"] === true ? [] : ["can write its files"]),
      ...(own["allowPrivilegeEscalation"] === false ? [] : ["may gain privileges"]),
      ...(own.capabilities?.drop?.join() === "ALL" ? [] : ["keeps capabilities"]),
      ...(container.resources?.requests && container.resources.limits?.memory ? [] : ["has no limits"]),
      ...(spec.terminationGracePeriodSeconds >= drain + 20 ? [] : ["is killed before it has stopped"]),
      ...(serves && asked !== "/healthz,/healthz,/readyz" ? [`asks ${asked}`] : []),
      ...(serves && container.ports?.[0]?.containerPort !== port ? ["has another port"] : []),
      ...strange(Object.keys(values)),
      ...(exists(command) ? [] : [`runs ${command.join(" ")}`]),
    ];
  });
  return [
    ...faults,
    ...(pod.runAsNonRoot && (pod.runAsUser ?? 0) > 0 ? [] : ["is root"]),
    ...(pod.seccompProfile?.type === "RuntimeDefault" ? [] : ["may make every system call"]),
    ...(spec.automountServiceAccountToken === false ? [] : ["has a token of the cluster"]),
    ...(serves && (spec.topologySpreadConstraints ?? []).length === 0 ? ["is not spread"] : []),
  ].map((fault) => `${metadata.labels.app}: ${fault}`);
}

function faultsOfManifests(files: readonly string[]): string[] {
  const manifests = manifestsOf(files);
  const of = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
  const data = of("ConfigMap")[0]?.data ?? {};
  const apps = manifests.flatMap((manifest) => podOf(manifest)?.metadata.labels.app ?? []);
  const selected = [...of("Service"), ...of("PodDisruptionBudget")].map(
    ({ spec }) => spec.selector?.app ?? spec.selector?.matchLabels?.app ?? "",
  );
  const [ingress] = of("Ingress");
  return [
    ...manifests.flatMap((manifest) => {
      const pod = podOf(manifest);
      return pod ? faultsOfPod(manifest, pod, data) : [];
    }),
    ...selected.filter((app) => !apps.includes(app)).map((app) => `selects ${app}`),
    ...(ingress?.metadata.annotations?.["nginx.ingress.kubernetes.io/proxy-buffering"] === "off"
      ? []
      : ["buffers live updates"]),
    ...Object.entries(data)
      .filter(([name]) => /PASSWORD|SECRET|TOKEN/.test(name) && !name.endsWith("_FILE"))
      .map(([name]) => `${name} is no secret`),
  ];
}

describe("the manifests for Kubernetes", () => {
  const files = readdirSync(join(root, folder)).map((name) => read(`${folder}/${name}`));

  it("keep their promises", () => {
    const kinds = manifestsOf(files).map(({ kind }) => kind);
    for (const kind of [
      "Deployment",
      "Service",
      "PodDisruptionBudget",
      "Job",
      "CronJob",
      "NetworkPolicy",
      "Ingress",
    ])
      expect(kinds).toContain(kind);
    expect(faultsOfManifests(files)).toEqual([]);
  });

  it.each([
    ["runAsNonRoot: true", "runAsNonRoot: false"],
    ["readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"],
    ["drop: [ALL]", "drop: []"],
    ["path: /readyz", "path: /ready"],
    ["containerPort: 3000", "containerPort: 8080"],
    ["terminationGracePeriodSeconds: 40", "terminationGracePeriodSeconds: 30"],
    ["limits: { memory: 1Gi }", ""],
    ["name: DRAIN_SECONDS", "name: DRAIN_MINUTES"],
    ["AUTH_SECRET_FILE: /run/secrets/auth_secret", "AUTH_SECRET: given"],
    ['proxy-buffering: "off"', 'proxy-buffering: "on"'],
    ["selector: { app: matepeak }", "selector: { app: matepeaks }"],
    ["server/worker.ts", "server/workers.ts"],
  ])("twin: %s → %s is found", (from, to) => {
    expect(files.join()).toContain(from);
    const changed = files.map((text) => text.replace(from, to));
    expect(() => expect(faultsOfManifests(changed)).toEqual([])).toThrow();
  });
});

describe("npm run secrets", () => {
  const place = mkdtempSync(join(tmpdir(), "matepeak-secrets-"));
  afterAll(() => rmSync(place, { recursive: true, force: true }));
  const make = async (to: string) => {
    const run = runApp({}, join(root, "scripts/makeSecrets.ts"), ["--to", to]);
    const code = await run.ended;
    await end(run.child, "SIGTERM");
    return { code, output: run.output() };
  };

  it("makes what compose.yaml names and the app can read, and replaces nothing", async () => {
    const to = join(place, "secrets");
    expect((await make(to)).code).toBe(0);
    const { secrets } = parse(read("compose.yaml")) as Compose;
    expect(readdirSync(to).sort()).toEqual(Object.keys(secrets).sort());
    expect(statSync(to).mode & 0o777).toBe(0o700);
    const { services } = parse(read("compose.yaml"), { merge: true }) as Compose;
    const environment = Object.entries(services["app"]?.environment ?? {}).map(([name, value]) => [
      name,
      value
        .replace("/run/secrets", to)
        .replace(/^\$\{PUBLIC_URL.*$/, "https://book.example.com")
        .replace(/^\$\{\w+:-(.*)\}$/, "$1"),
    ]);
    const config = readConfig(Object.fromEntries(environment));
    expect(config).toMatchObject({
      givenDatabase: { ownerUrl: undefined },
      worker: false,
      trustProxy: 1,
      publicUrl: "https://book.example.com",
    });
    const before = readFileSync(join(to, "auth_secret"), "utf8");
    expect(await make(to)).toMatchObject({ code: 1 });
    expect(readFileSync(join(to, "auth_secret"), "utf8")).toBe(before);
  });
});
