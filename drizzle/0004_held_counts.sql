ALTER TABLE "event_batches" ADD COLUMN "held" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "held" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "boot" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "process_started" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "sessions_held" ON "sessions" USING btree ("started_at","id") WHERE "sessions"."held" > 0;