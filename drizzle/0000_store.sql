CREATE TABLE "connection_secrets" (
	"connection_id" text NOT NULL,
	"field" text NOT NULL,
	"key_id" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"fingerprint" "bytea",
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "connection_secrets_connection_id_field_pk" PRIMARY KEY("connection_id","field")
);
--> statement-breakpoint
CREATE TABLE "connection_tests" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"connection_version" integer NOT NULL,
	"requested_by" text NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"worker_id" text,
	"state" text DEFAULT 'queued' NOT NULL,
	"steps" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "connection_versions" (
	"connection_id" text NOT NULL,
	"version" integer NOT NULL,
	"document" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "connection_versions_connection_id_version_pk" PRIMARY KEY("connection_id","version")
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"name" text NOT NULL,
	"protocol" text NOT NULL,
	"host" text NOT NULL,
	"port" integer NOT NULL,
	"tags" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"access" text[] DEFAULT '{}' NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"recording" text DEFAULT 'standard' NOT NULL,
	"hold" text DEFAULT 'wait' NOT NULL,
	"masking" text DEFAULT 'protected' NOT NULL,
	"owner_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"disabled_at" timestamp with time zone,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sealing_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"public_key" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"via" text NOT NULL,
	"action" text NOT NULL,
	"target_id" text NOT NULL,
	"target_name" text DEFAULT '' NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "audit_events_id_at_pk" PRIMARY KEY("id","at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "event_batches" (
	"session_id" text NOT NULL,
	"first_seq" bigint NOT NULL,
	"last_seq" bigint NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"first_op" bigint,
	"last_op" bigint,
	"refused" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"codec" smallint NOT NULL,
	"data" "bytea" NOT NULL,
	"head" "bytea" NOT NULL,
	CONSTRAINT "event_batches_session_id_first_seq_first_at_pk" PRIMARY KEY("session_id","first_seq","first_at")
) PARTITION BY RANGE ("first_at");
--> statement-breakpoint
CREATE TABLE "recording_chunks" (
	"session_id" text NOT NULL,
	"stream" text NOT NULL,
	"from" bigint NOT NULL,
	"to" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"codec" smallint NOT NULL,
	"data" "bytea" NOT NULL,
	"sha256" "bytea" NOT NULL,
	CONSTRAINT "recording_chunks_session_id_stream_from_at_pk" PRIMARY KEY("session_id","stream","from","at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "access_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"hint" text NOT NULL,
	"label" text DEFAULT '' NOT NULL,
	"principal_id" text NOT NULL,
	"run_id" text,
	"connections" text[],
	"sign_in_id" text,
	"scope" text DEFAULT 'gateway' NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "access_tokens_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"provider" text NOT NULL,
	"subject" text NOT NULL,
	"principal_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_provider_subject_pk" PRIMARY KEY("provider","subject")
);
--> statement-breakpoint
CREATE TABLE "device_logins" (
	"device_hash" text PRIMARY KEY NOT NULL,
	"user_code" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"principal_id" text,
	"denied_at" timestamp with time zone,
	"consumed_at" timestamp with time zone,
	"polled_at" timestamp with time zone,
	CONSTRAINT "device_logins_user_code_unique" UNIQUE("user_code")
);
--> statement-breakpoint
CREATE TABLE "principals" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"owner_id" text,
	"groups" text[] DEFAULT '{}' NOT NULL,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "role_groups" (
	"role" text NOT NULL,
	"group" text NOT NULL,
	CONSTRAINT "role_groups_role_group_pk" PRIMARY KEY("role","group")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" text PRIMARY KEY NOT NULL,
	"principal_id" text NOT NULL,
	"label" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_ins" (
	"id" text PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"principal_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sign_ins_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "session_end_requests" (
	"session_id" text PRIMARY KEY NOT NULL,
	"requested_by" text NOT NULL,
	"requested_by_name" text NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"protocol" text NOT NULL,
	"principal_id" text NOT NULL,
	"principal_name" text NOT NULL,
	"principal_kind" text NOT NULL,
	"owner_id" text NOT NULL,
	"owner_name" text NOT NULL,
	"token_id" text NOT NULL,
	"sign_in_id" text,
	"run_id" text,
	"connection_id" text NOT NULL,
	"connection_name" text NOT NULL,
	"connection_version" integer NOT NULL,
	"tags" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"target_user" text NOT NULL,
	"target_database" text NOT NULL,
	"client_address" text NOT NULL,
	"application" text DEFAULT '' NOT NULL,
	"worker_id" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"end_reason" text,
	"end_detail" text,
	"last_event_at" timestamp with time zone NOT NULL,
	"last_seq" bigint DEFAULT -1 NOT NULL,
	"head" "bytea",
	"out_bytes" bigint DEFAULT 0 NOT NULL,
	"in_bytes" bigint DEFAULT 0 NOT NULL,
	"stored_bytes" bigint DEFAULT 0 NOT NULL,
	"operations" bigint DEFAULT 0 NOT NULL,
	"refused" bigint DEFAULT 0 NOT NULL,
	"failed" bigint DEFAULT 0 NOT NULL,
	"rows" bigint DEFAULT 0 NOT NULL,
	"in_flight" bigint[] DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" text PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"lease_until" timestamp with time zone NOT NULL,
	"stopped_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_principal_id_principals_id_fk" FOREIGN KEY ("principal_id") REFERENCES "public"."principals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_principal_id_principals_id_fk" FOREIGN KEY ("principal_id") REFERENCES "public"."principals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_principal_id_principals_id_fk" FOREIGN KEY ("principal_id") REFERENCES "public"."principals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_ins" ADD CONSTRAINT "sign_ins_principal_id_principals_id_fk" FOREIGN KEY ("principal_id") REFERENCES "public"."principals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "connection_tests_connection" ON "connection_tests" USING btree ("connection_id","requested_at");--> statement-breakpoint
CREATE UNIQUE INDEX "connections_name" ON "connections" USING btree ("name") WHERE "connections"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "access_tokens_principal" ON "access_tokens" USING btree ("principal_id","created_at");--> statement-breakpoint
CREATE INDEX "access_tokens_sign_in" ON "access_tokens" USING btree ("sign_in_id");--> statement-breakpoint
CREATE UNIQUE INDEX "principals_email" ON "principals" USING btree (lower("email"));--> statement-breakpoint
CREATE UNIQUE INDEX "principals_name" ON "principals" USING btree ("kind","name") WHERE "principals"."kind" <> 'person';--> statement-breakpoint
CREATE INDEX "principals_owner" ON "principals" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "runs_principal" ON "runs" USING btree ("principal_id","created_at");--> statement-breakpoint
CREATE INDEX "sign_ins_principal" ON "sign_ins" USING btree ("principal_id");--> statement-breakpoint
CREATE INDEX "sessions_started" ON "sessions" USING btree ("started_at","id");--> statement-breakpoint
CREATE INDEX "sessions_live" ON "sessions" USING btree ("started_at","id") WHERE "sessions"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "sessions_principal" ON "sessions" USING btree ("principal_id","started_at","id");--> statement-breakpoint
CREATE INDEX "sessions_owner" ON "sessions" USING btree ("owner_id","started_at","id");--> statement-breakpoint
CREATE INDEX "sessions_connection" ON "sessions" USING btree ("connection_id","started_at","id");--> statement-breakpoint
CREATE INDEX "sessions_run" ON "sessions" USING btree ("run_id","started_at");--> statement-breakpoint
CREATE INDEX "sessions_refused" ON "sessions" USING btree ("started_at","id") WHERE "sessions"."refused" > 0;--> statement-breakpoint
CREATE INDEX "sessions_failed" ON "sessions" USING btree ("started_at","id") WHERE "sessions"."failed" > 0;