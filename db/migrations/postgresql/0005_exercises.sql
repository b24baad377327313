CREATE TABLE "ballots" (
	"exercise_id" text collate "C" NOT NULL,
	"round" integer NOT NULL,
	"key" text collate "C" NOT NULL,
	"group_code" text collate "C" NOT NULL,
	"ballot" text collate "C" NOT NULL,
	CONSTRAINT "ballots_exercise_id_round_key_pk" PRIMARY KEY("exercise_id","round","key")
);
--> statement-breakpoint
CREATE TABLE "electorate" (
	"exercise_id" text collate "C" NOT NULL,
	"code_hash" text collate "C" NOT NULL,
	"group_code" text collate "C" NOT NULL,
	CONSTRAINT "electorate_exercise_id_code_hash_pk" PRIMARY KEY("exercise_id","code_hash")
);
--> statement-breakpoint
CREATE TABLE "exercises" (
	"no" serial PRIMARY KEY NOT NULL,
	"id" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"tag" text collate "C" NOT NULL,
	"json" text collate "C" NOT NULL,
	"plan" text collate "C" NOT NULL,
	"secret" text collate "C",
	"updated_at" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "form_counts" (
	"exercise_id" text collate "C" NOT NULL,
	"question" text collate "C" NOT NULL,
	"code" text collate "C" NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "form_counts_exercise_id_question_code_pk" PRIMARY KEY("exercise_id","question","code")
);
--> statement-breakpoint
CREATE TABLE "form_marks" (
	"exercise_id" text collate "C" NOT NULL,
	"mark" text collate "C" NOT NULL,
	CONSTRAINT "form_marks_exercise_id_mark_pk" PRIMARY KEY("exercise_id","mark")
);
--> statement-breakpoint
CREATE TABLE "outcomes" (
	"exercise_id" text collate "C" PRIMARY KEY NOT NULL,
	"published_at" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"json" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "paper_batches" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"exercise_id" text collate "C" NOT NULL,
	"round" integer NOT NULL,
	"group_code" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"count" integer NOT NULL,
	"without_code" integer NOT NULL,
	"ballots" text collate "C",
	"entered_by_id" text collate "C" NOT NULL,
	"entered_by" text collate "C" NOT NULL,
	"entered_at" text collate "C" NOT NULL,
	"settled_by" text collate "C",
	"settled_at" text collate "C",
	"reason" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "priorities" (
	"kind" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"exercise_id" text collate "C" NOT NULL,
	"published_at" text collate "C" NOT NULL,
	"weight" text collate "C" NOT NULL,
	"json" text collate "C" NOT NULL,
	CONSTRAINT "priorities_kind_id_exercise_id_pk" PRIMARY KEY("kind","id","exercise_id")
);
--> statement-breakpoint
CREATE TABLE "receipts" (
	"exercise_id" text collate "C" NOT NULL,
	"round" integer NOT NULL,
	"receipt" text collate "C" NOT NULL,
	CONSTRAINT "receipts_exercise_id_round_receipt_pk" PRIMARY KEY("exercise_id","round","receipt")
);
--> statement-breakpoint
CREATE INDEX "ballots_group_idx" ON "ballots" USING btree ("exercise_id","round","group_code");--> statement-breakpoint
CREATE UNIQUE INDEX "exercises_id_key" ON "exercises" USING btree ("id");--> statement-breakpoint
CREATE INDEX "exercises_state_idx" ON "exercises" USING btree ("state","no");--> statement-breakpoint
CREATE INDEX "paper_batches_exercise_idx" ON "paper_batches" USING btree ("exercise_id","entered_at","id");