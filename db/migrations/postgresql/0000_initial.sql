CREATE TABLE "changes" (
	"seq" integer PRIMARY KEY NOT NULL,
	"at" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"action" text collate "C" NOT NULL,
	"version" text collate "C",
	"actor" text collate "C" NOT NULL,
	"reason" text collate "C",
	"fields" jsonb
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"no" serial PRIMARY KEY NOT NULL,
	"measure_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"tag" text collate "C" NOT NULL,
	"json" text collate "C" NOT NULL,
	"codes" text collate "C" NOT NULL,
	"languages" text collate "C" NOT NULL,
	"title_key" text collate "C" NOT NULL,
	"updated_at" text collate "C" NOT NULL,
	"maturity_until" text collate "C",
	"author_id" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"name" text collate "C" NOT NULL,
	"role" text collate "C" NOT NULL,
	"group_name" text collate "C",
	"prefix" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"created_at" text collate "C" NOT NULL,
	"created_by" text collate "C" NOT NULL,
	"expires_at" text collate "C",
	"revoked_at" text collate "C",
	"last_used_at" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "measures" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"created_at" text collate "C" NOT NULL,
	"created_by" text collate "C" NOT NULL,
	"version" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "replies" (
	"key_id" text collate "C" NOT NULL,
	"idempotency_key" text collate "C" NOT NULL,
	"request_hash" text collate "C" NOT NULL,
	"status" integer NOT NULL,
	"headers" jsonb NOT NULL,
	"body" text collate "C" NOT NULL,
	"at" text collate "C" NOT NULL,
	CONSTRAINT "replies_key_id_idempotency_key_pk" PRIMARY KEY("key_id","idempotency_key")
);
--> statement-breakpoint
CREATE TABLE "versions" (
	"measure_id" text collate "C" NOT NULL,
	"version" text collate "C" NOT NULL,
	"ordinal" integer NOT NULL,
	"tag" text collate "C" NOT NULL,
	"json" text collate "C" NOT NULL,
	"published_at" text collate "C" NOT NULL,
	"published_by" text collate "C" NOT NULL,
	"change_note" text collate "C",
	CONSTRAINT "versions_measure_id_version_pk" PRIMARY KEY("measure_id","version")
);
--> statement-breakpoint
CREATE TABLE "words" (
	"word" text collate "C" PRIMARY KEY NOT NULL,
	"length" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_measure_id_measures_id_fk" FOREIGN KEY ("measure_id") REFERENCES "public"."measures"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "versions" ADD CONSTRAINT "versions_measure_id_measures_id_fk" FOREIGN KEY ("measure_id") REFERENCES "public"."measures"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "changes_resource_idx" ON "changes" USING btree ("kind","id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "documents_measure_kind_key" ON "documents" USING btree ("measure_id","kind");--> statement-breakpoint
CREATE INDEX "documents_maturity_until_idx" ON "documents" USING btree ("maturity_until");--> statement-breakpoint
CREATE UNIQUE INDEX "keys_prefix_key" ON "keys" USING btree ("prefix");--> statement-breakpoint
CREATE INDEX "replies_at_idx" ON "replies" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "versions_ordinal_key" ON "versions" USING btree ("measure_id","ordinal");--> statement-breakpoint
CREATE INDEX "words_length_idx" ON "words" USING btree ("length");