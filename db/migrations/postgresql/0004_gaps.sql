CREATE TABLE "cells" (
	"cell" text collate "C" NOT NULL,
	"measure_id" text collate "C" NOT NULL,
	CONSTRAINT "cells_cell_measure_id_pk" PRIMARY KEY("cell","measure_id")
);
--> statement-breakpoint
CREATE TABLE "gap_measures" (
	"gap_id" text collate "C" NOT NULL,
	"measure_id" text collate "C" NOT NULL,
	"role" text collate "C" NOT NULL,
	CONSTRAINT "gap_measures_gap_id_measure_id_pk" PRIMARY KEY("gap_id","measure_id")
);
--> statement-breakpoint
CREATE TABLE "gaps" (
	"no" serial PRIMARY KEY NOT NULL,
	"id" text collate "C" NOT NULL,
	"origin" text collate "C" NOT NULL,
	"status" text collate "C" NOT NULL,
	"moderation" text collate "C" NOT NULL,
	"subject" text collate "C",
	"tag" text collate "C" NOT NULL,
	"json" text collate "C" NOT NULL,
	"codes" text collate "C" NOT NULL,
	"terms" text collate "C" NOT NULL,
	"title_key" text collate "C" NOT NULL,
	"updated_at" text collate "C" NOT NULL,
	"dismissed_until" text collate "C",
	"author_id" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "marks" (
	"name" text collate "C" PRIMARY KEY NOT NULL,
	"value" text collate "C" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "cells" ADD CONSTRAINT "cells_measure_id_measures_id_fk" FOREIGN KEY ("measure_id") REFERENCES "public"."measures"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cells_measure_idx" ON "cells" USING btree ("measure_id");--> statement-breakpoint
CREATE INDEX "gap_measures_measure_idx" ON "gap_measures" USING btree ("measure_id");--> statement-breakpoint
CREATE UNIQUE INDEX "gaps_id_key" ON "gaps" USING btree ("id");--> statement-breakpoint
CREATE INDEX "gaps_subject_idx" ON "gaps" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "gaps_moderation_idx" ON "gaps" USING btree ("moderation","no");--> statement-breakpoint
CREATE INDEX "gaps_dismissed_until_idx" ON "gaps" USING btree ("dismissed_until");