// PostGraphile 5 on Hemvist's own schema: one node process, the staff's login role, row security on.
// Who asks comes in headers, as a proxy behind a login would set them, and becomes pgSettings.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { jsonPgSmartTags } from "postgraphile/utils";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";

// The catalogue has no keys to principals for who decided, wrote or agreed: the fair peer gets them.
const person = (column, field) =>
  `(tenant_id, ${column}) references principals (tenant_id, id)|@fieldName ${field}`;
const tags = {
  version: 1,
  config: {
    class: {
      decisions: { tags: { foreignKey: [person("decided_by", "decider")] } },
      follow_ups: { tags: { foreignKey: [person("recorded_by", "recorder")] } },
      support_plans: { tags: { foreignKey: [person("agreed_by", "agreer")] } },
      assessments: { tags: { foreignKey: [person("concluded_by", "concluder")] } },
    },
  },
};

const service = makePgService({
  connectionString: process.env.BENCH_STAFF_URL,
  schemas: ["public"],
  poolConfig: {
    max: Number(process.env.BENCH_CONNECTIONS ?? 16),
    application_name: "bench_postgraphile",
    options: "-c jit=off",
  },
});

const preset = {
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
  plugins: [jsonPgSmartTags(tags)],
  // Lists are ordered by columns that no index leads with.
  disablePlugins: ["PgIndexBehaviorsPlugin"],
  pgServices: [service],
  schema: { connectionFilterRelations: true },
  grafserv: { port: Number(process.env.PORT), watch: false, graphiql: false },
  grafast: {
    explain: false,
    context(request) {
      const headers = request.node?.req.headers ?? {};
      return {
        pgSettings: {
          "hemvist.tenant_id": headers["x-tenant"] ?? "",
          "hemvist.principal_id": headers["x-principal"] ?? "",
        },
      };
    },
  },
};

const server = createServer();
const serving = postgraphile(preset).createServ(grafserv);
serving.addTo(server).then(() => server.listen(Number(process.env.PORT), "127.0.0.1"));
