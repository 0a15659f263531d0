CREATE TABLE "connection_catalogs" (
	"connection_id" text NOT NULL,
	"database" text NOT NULL,
	"connection_version" integer NOT NULL,
	"snapshot" jsonb NOT NULL,
	"read_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "connection_catalogs_connection_id_database_pk" PRIMARY KEY("connection_id","database")
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"id" text PRIMARY KEY NOT NULL,
	"review_id" text NOT NULL,
	"principal_id" text NOT NULL,
	"human_id" text NOT NULL,
	"run_id" text,
	"connection_id" text NOT NULL,
	"connection_version" integer NOT NULL,
	"shape_digest" "bytea" NOT NULL,
	"policies" text[] NOT NULL,
	"approvals" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoked_by" text,
	"revoked_by_name" text,
	"uses" bigint DEFAULT 0 NOT NULL,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "grants_review_id_unique" UNIQUE("review_id")
);
--> statement-breakpoint
CREATE TABLE "review_notices" (
	"id" text PRIMARY KEY NOT NULL,
	"review_id" text NOT NULL,
	"kind" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_to" text[] DEFAULT '{}' NOT NULL,
	"last_error" text,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "policy_documents" (
	"name" text PRIMARY KEY NOT NULL,
	"text" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL,
	"updated_by_name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy_versions" (
	"version" bigint PRIMARY KEY NOT NULL,
	"documents" jsonb NOT NULL,
	"changes" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"changed_by_name" text NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_executions" (
	"review_id" text PRIMARY KEY NOT NULL,
	"digest" "bytea" NOT NULL,
	"session_id" text NOT NULL,
	"op" bigint NOT NULL,
	"worker_id" text NOT NULL,
	"policy_version" bigint NOT NULL,
	"executed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_votes" (
	"review_id" text NOT NULL,
	"voter_id" text NOT NULL,
	"voter_name" text NOT NULL,
	"via" text NOT NULL,
	"decision" text NOT NULL,
	"scope" jsonb,
	"reason" text,
	"groups" text[] DEFAULT '{}' NOT NULL,
	"voted_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "review_votes_review_id_voter_id_pk" PRIMARY KEY("review_id","voter_id"),
	CONSTRAINT "review_votes_decision" CHECK ("review_votes"."decision" in ('approve', 'reject')),
	CONSTRAINT "review_votes_reason" CHECK (octet_length("review_votes"."reason") <= 2048 and ("review_votes"."decision" = 'reject') = ("review_votes"."reason" is not null)),
	CONSTRAINT "review_votes_scope" CHECK (("review_votes"."decision" = 'approve') = ("review_votes"."scope" is not null))
);
--> statement-breakpoint
CREATE TABLE "reviews" (
	"id" text PRIMARY KEY NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"mode" text NOT NULL,
	"subject" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"principal_id" text NOT NULL,
	"principal_name" text NOT NULL,
	"principal_kind" text NOT NULL,
	"human_id" text NOT NULL,
	"human_name" text NOT NULL,
	"run_id" text,
	"run_label" text,
	"token_id" text NOT NULL,
	"session_id" text NOT NULL,
	"op" bigint NOT NULL,
	"worker_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"connection_version" integer NOT NULL,
	"connection_name" text NOT NULL,
	"facts" jsonb,
	"shape_digest" "bytea",
	"demands" jsonb NOT NULL,
	"policy_version" bigint NOT NULL,
	"said" text,
	"estimate" jsonb,
	"repeats" integer DEFAULT 0 NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone,
	"close_reason" text,
	CONSTRAINT "reviews_state" CHECK ("reviews"."state" in ('pending', 'approved', 'rejected', 'expired', 'cancelled')),
	CONSTRAINT "reviews_mode" CHECK ("reviews"."mode" in ('wait', 'ticket')),
	CONSTRAINT "reviews_said" CHECK (octet_length("reviews"."said") <= 2048),
	CONSTRAINT "reviews_closed" CHECK (("reviews"."state" = 'cancelled') = ("reviews"."close_reason" is not null))
);
--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_review_id_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_notices" ADD CONSTRAINT "review_notices_review_id_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_executions" ADD CONSTRAINT "review_executions_review_id_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_votes" ADD CONSTRAINT "review_votes_review_id_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "grants_cover" ON "grants" USING btree ("principal_id","connection_id","shape_digest");--> statement-breakpoint
CREATE INDEX "grants_created" ON "grants" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "review_notices_due" ON "review_notices" USING btree ("due_at") WHERE "review_notices"."done_at" is null;--> statement-breakpoint
CREATE INDEX "reviews_opened" ON "reviews" USING btree ("opened_at","id");--> statement-breakpoint
CREATE INDEX "reviews_pending" ON "reviews" USING btree ("expires_at") WHERE "reviews"."state" = 'pending';--> statement-breakpoint
CREATE INDEX "reviews_principal" ON "reviews" USING btree ("principal_id","opened_at","id");--> statement-breakpoint
CREATE INDEX "reviews_human" ON "reviews" USING btree ("human_id","opened_at","id");--> statement-breakpoint
CREATE INDEX "reviews_digest" ON "reviews" USING btree ("digest");--> statement-breakpoint
CREATE INDEX "reviews_session" ON "reviews" USING btree ("session_id");