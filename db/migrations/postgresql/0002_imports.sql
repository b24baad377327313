CREATE TABLE "identifiers" (
	"document_no" integer NOT NULL,
	"key" text collate "C" NOT NULL,
	CONSTRAINT "identifiers_document_no_key_pk" PRIMARY KEY("document_no","key")
);
--> statement-breakpoint
CREATE TABLE "import_rows" (
	"import_id" text collate "C" NOT NULL,
	"ordinal" integer NOT NULL,
	"position" integer NOT NULL,
	"outcome" text collate "C" NOT NULL,
	"measure_id" text collate "C",
	"json" text collate "C" NOT NULL,
	"record" text collate "C",
	"undo" text collate "C",
	CONSTRAINT "import_rows_import_id_ordinal_pk" PRIMARY KEY("import_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"at" text collate "C" NOT NULL,
	"actor_id" text collate "C" NOT NULL,
	"actor" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"summary" jsonb NOT NULL,
	"reverted_at" text collate "C",
	"reverted_by" text collate "C",
	"revert_reason" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"no" serial PRIMARY KEY NOT NULL,
	"measure_id" text collate "C" NOT NULL,
	"url" text collate "C",
	"format" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"release" text collate "C",
	"release_date" text collate "C",
	"content" text collate "C" NOT NULL,
	"record" text collate "C",
	"import_id" text collate "C" NOT NULL,
	"place" text collate "C" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "source_no" integer;--> statement-breakpoint
ALTER TABLE "versions" ADD COLUMN "source_no" integer;--> statement-breakpoint
ALTER TABLE "identifiers" ADD CONSTRAINT "identifiers_document_no_documents_no_fk" FOREIGN KEY ("document_no") REFERENCES "public"."documents"("no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sources" ADD CONSTRAINT "sources_measure_id_measures_id_fk" FOREIGN KEY ("measure_id") REFERENCES "public"."measures"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "identifiers_key_idx" ON "identifiers" USING btree ("key");--> statement-breakpoint
CREATE INDEX "import_rows_measure_idx" ON "import_rows" USING btree ("measure_id","import_id");--> statement-breakpoint
CREATE UNIQUE INDEX "import_rows_position_key" ON "import_rows" USING btree ("import_id","position");--> statement-breakpoint
CREATE INDEX "imports_at_idx" ON "imports" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "sources_measure_idx" ON "sources" USING btree ("measure_id","no");--> statement-breakpoint
CREATE INDEX "sources_url_idx" ON "sources" USING btree ("url");--> statement-breakpoint
CREATE INDEX "sources_hash_idx" ON "sources" USING btree ("hash");--> statement-breakpoint
-- What is in the catalogue already is found by its identifiers as well.
INSERT INTO identifiers SELECT d.no, left(i ->> 'system', 150) || '|' || left(i ->> 'value', 450) FROM documents d, json_array_elements(d.json::json -> 'identifiers') i ON CONFLICT DO NOTHING;
