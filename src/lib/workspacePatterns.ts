/** Patterns of inner pages of the mentor's workspace, apart from those that every visitor loads (paths.ts). */
export const workspacePatterns = {
  student: "/mentor/students/:studentId",
  service: "/mentor/services/:serviceId",
} as const;
