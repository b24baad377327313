CREATE TABLE "contexts" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"name" text collate "C" NOT NULL,
	"context" jsonb NOT NULL,
	"owner_id" text collate "C" NOT NULL,
	"owner" text collate "C" NOT NULL,
	"created_at" text collate "C" NOT NULL,
	"updated_at" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "implementations" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"measure_id" text collate "C" NOT NULL,
	"version" text collate "C" NOT NULL,
	"at" text collate "C" NOT NULL,
	"actor_id" text collate "C" NOT NULL,
	"actor" text collate "C" NOT NULL,
	"outcome" text collate "C" NOT NULL,
	"content" jsonb NOT NULL,
	"confirmed_at" text collate "C",
	"confirmed_by" text collate "C",
	"withdrawn_at" text collate "C",
	"withdrawn_by" text collate "C",
	"withdraw_reason" text collate "C"
);
--> statement-breakpoint
ALTER TABLE "implementations" ADD CONSTRAINT "implementations_measure_id_measures_id_fk" FOREIGN KEY ("measure_id") REFERENCES "public"."measures"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contexts_owner_idx" ON "contexts" USING btree ("owner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "implementations_measure_idx" ON "implementations" USING btree ("measure_id","at","id");