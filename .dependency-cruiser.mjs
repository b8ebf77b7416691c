/** Which folder may import which. `npm run lint` checks it with scripts/layers.mjs; ARCHITECTURE.md says why. */

/** What a feature of the web app may use of others. A feature that is not named here uses none. */
const featureImports = {
  administration: ["accounts"],
  baskets: ["accounts", "book", "prices"],
  book: ["accounts", "groupSessions", "meetings", "prices"],
  bookings: [
    "alerts",
    "baskets",
    "book",
    "favourites",
    "groupSessions",
    "meetings",
    "mentors",
    "payments",
    "reviews",
    "students",
    "timeRequests",
    "waitlist",
  ],
  calendar: ["bookings", "calendarConnections", "groupSessions"],
  calendarConnections: ["accounts"],
  calendarFeed: ["accounts"],
  earnings: ["accounts", "documents"],
  favourites: ["accounts"],
  groupSessions: ["accounts", "mentors", "services"],
  hours: ["book", "mentors", "services"],
  mentors: ["book", "favourites"],
  notifications: ["accounts"],
  offers: ["packages", "services"],
  onboarding: ["book", "hours", "meetings", "mentors", "services"],
  packages: ["accounts", "prices"],
  pay: ["baskets", "bookings", "packages", "payments", "prices"],
  payments: ["documents", "prices"],
  personalData: ["accounts"],
  programmes: ["accounts", "groupSessions"],
  series: ["accounts", "baskets", "book", "prices"],
  services: ["book", "mentors"],
  timeRequests: ["accounts", "book", "mentors"],
  waitlist: ["accounts", "alerts", "book", "groupSessions", "timeRequests"],
};

/**
 * What a noun's folder on the server may use of others, besides server/platform/ and server/postgres/. A folder names only
 * folders above it, so there is no circle (scripts/lint.test.ts). A folder that is not named here uses none.
 */
export const serverImports = {
  timeZones: [],
  services: [],
  slots: ["services"],
  calendarEntries: [],
  calendarConnections: ["calendarEntries"],
  hours: ["calendarConnections", "slots"],
  mentors: ["hours", "services"],
  offers: ["services", "slots"],
  groupSessions: ["services", "slots"],
  programmes: ["groupSessions", "services", "slots"],
  bookings: ["calendarEntries", "offers", "services", "slots"],
  baskets: ["bookings", "offers", "services", "slots"],
  series: ["baskets", "bookings", "offers", "programmes", "services", "slots"],
  mail: ["bookings", "calendarEntries"],
  sessionEntries: ["bookings", "calendarConnections", "calendarEntries", "groupSessions", "mail"],
  documents: ["mail"],
  accounts: ["mail", "mentors"],
  auth: ["accounts"],
  alerts: ["bookings", "slots"],
  calendar: ["bookings", "mentors", "slots"],
  calendarFeed: ["bookings", "calendarEntries"],
  favourites: ["mentors"],
  meetings: ["bookings", "calendarConnections", "calendarEntries"],
  reviews: ["bookings"],
  students: ["bookings"],
  timeRequests: ["bookings", "services", "slots"],
  waitlist: ["bookings", "mail", "slots"],
  payments: ["bookings", "offers", "slots"],
  pages: ["groupSessions", "mail", "mentors", "programmes", "slots", "timeZones"],
  notifications: ["mail"],
  personalData: ["auth", "mail", "waitlist"],
  administration: ["mail"],
  payouts: ["administration", "auth", "mail", "payments"],
  reconciliation: ["administration", "auth", "payments"],
  jobs: [
    "alerts",
    "calendarConnections",
    "mail",
    "meetings",
    "notifications",
    "payments",
    "payouts",
    "personalData",
    "reconciliation",
    "sessionEntries",
    "timeRequests",
    "waitlist",
  ],
  demo: ["accounts", "payments", "payouts"],
};

const walls = [
  ["scheduling", "^scheduling/"],
  ["rules", "^(scheduling|rules)/"],
  ["words", "^(scheduling|rules|words)/"],
  ["contract", "^(scheduling|rules|words|contract)/"],
  ["db", "^(scheduling|rules|words|contract|db)/"],
  ["server", "^(scheduling|rules|words|contract|db|server)/"],
  ["src", "^(scheduling|rules|words|contract|src)/"],
  ["mail", "^mail/"],
];

const own = "^(scheduling|rules|words|contract|db|server|src|mail|bench|prove|e2e|scripts|supabase|vite)/";
const test = "\\.test\\.tsx?$|/testing/|/tests/";

export default {
  forbidden: [
    ...walls.map(([folder, allowed]) => ({
      name: `wall-of-${folder}`,
      comment: `${folder}/ imports only what is below it.`,
      severity: "error",
      from: { path: `^${folder}/`, pathNot: test },
      to: { path: own, pathNot: allowed },
    })),
    {
      name: "server-platform",
      comment:
        "server/platform/ knows no noun of the product; its ground in the database is server/postgres/.",
      severity: "error",
      from: { path: "^server/platform/", pathNot: test },
      to: { path: "^server/", pathNot: "^server/(platform|postgres)/" },
    },
    {
      name: "server-postgres",
      comment:
        "server/postgres/ knows no noun of the product. The drill tries a restored database with the whole app.",
      severity: "error",
      from: { path: "^server/postgres/", pathNot: `${test}|^server/postgres/backup/tryRestored\\.ts$` },
      to: { path: "^server/", pathNot: "^server/(platform|postgres)/" },
    },
    {
      name: "server-noun-to-noun",
      comment: "Only as listed in serverImports.",
      severity: "error",
      from: {
        path: "^server/([^/]+)/",
        pathNot: `${test}|^server/(platform|postgres|${Object.keys(serverImports).join("|")})/`,
      },
      to: { path: "^server/", pathNot: "^server/(platform|postgres|$1)/" },
    },
    ...Object.entries(serverImports).map(([noun, others]) => ({
      name: `server-${noun}`,
      comment: "Only as listed in serverImports.",
      severity: "error",
      from: { path: `^server/${noun}/`, pathNot: test },
      to: { path: "^server/", pathNot: `^server/(${["platform", "postgres", noun, ...others].join("|")})/` },
    })),
    {
      name: "server-auth-alone-knows-the-accounts",
      comment:
        "Whether people sign in by our accounts library or by Supabase Auth is known in server/auth/ alone. The demo writes accounts.",
      severity: "error",
      from: { path: "^(server|scripts)/", pathNot: `${test}|^server/(accounts|auth|demo)/` },
      to: { path: "^server/(accounts/|auth/(supabase/|librarySignIn))" },
    },
    {
      name: "web-lib",
      severity: "error",
      from: { path: "^src/lib/" },
      to: { path: "^src/", pathNot: "^src/(lib|jsx)/" },
    },
    {
      name: "web-ui",
      comment: "src/ui/ knows no feature.",
      severity: "error",
      from: { path: "^src/ui/" },
      to: { path: "^src/", pathNot: "^src/(ui|lib|jsx)/" },
    },
    {
      name: "web-features-below-app",
      severity: "error",
      from: { path: "^src/(features|services)/" },
      to: { path: "^src/app/" },
    },
    {
      name: "web-feature-to-feature",
      comment: "Only as listed in featureImports.",
      severity: "error",
      from: {
        path: "^src/features/([^/]+)/",
        pathNot: `^src/features/(${Object.keys(featureImports).join("|")})/`,
      },
      to: { path: "^src/features/", pathNot: "^src/features/$1/" },
    },
    ...Object.entries(featureImports).map(([feature, others]) => ({
      name: `web-feature-${feature}`,
      comment: "Only as listed in featureImports.",
      severity: "error",
      from: { path: `^src/features/${feature}/` },
      to: { path: "^src/features/", pathNot: `^src/features/(${[feature, ...others].join("|")})/` },
    })),
    { name: "no-circle-of-files", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-unresolved",
      severity: "error",
      from: { path: own },
      to: { couldNotResolve: true, pathNot: "^(#|@/)?.*\\.(css|svg)$|\\?raw$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(node_modules|dist|artefacts)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.layers.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
