// Where drizzle-kit finds the schema and writes migrations: `npm run db:generate`.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'sqlite', schema: './src/store/sqlite/schema.ts', out: './migrations' });
