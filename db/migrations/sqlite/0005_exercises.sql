CREATE TABLE `ballots` (
	`exercise_id` text NOT NULL,
	`round` integer NOT NULL,
	`key` text NOT NULL,
	`group_code` text NOT NULL,
	`ballot` text NOT NULL,
	PRIMARY KEY(`exercise_id`, `round`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `ballots_group_idx` ON `ballots` (`exercise_id`,`round`,`group_code`);--> statement-breakpoint
CREATE TABLE `electorate` (
	`exercise_id` text NOT NULL,
	`code_hash` text NOT NULL,
	`group_code` text NOT NULL,
	PRIMARY KEY(`exercise_id`, `code_hash`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `exercises` (
	`no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`state` text NOT NULL,
	`tag` text NOT NULL,
	`json` text NOT NULL,
	`plan` text NOT NULL,
	`secret` text,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `exercises_id_key` ON `exercises` (`id`);--> statement-breakpoint
CREATE INDEX `exercises_state_idx` ON `exercises` (`state`,`no`);--> statement-breakpoint
CREATE TABLE `form_counts` (
	`exercise_id` text NOT NULL,
	`question` text NOT NULL,
	`code` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`exercise_id`, `question`, `code`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `form_marks` (
	`exercise_id` text NOT NULL,
	`mark` text NOT NULL,
	PRIMARY KEY(`exercise_id`, `mark`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `outcomes` (
	`exercise_id` text PRIMARY KEY NOT NULL,
	`published_at` text NOT NULL,
	`hash` text NOT NULL,
	`json` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `paper_batches` (
	`id` text PRIMARY KEY NOT NULL,
	`exercise_id` text NOT NULL,
	`round` integer NOT NULL,
	`group_code` text NOT NULL,
	`state` text NOT NULL,
	`count` integer NOT NULL,
	`without_code` integer NOT NULL,
	`ballots` text,
	`entered_by_id` text NOT NULL,
	`entered_by` text NOT NULL,
	`entered_at` text NOT NULL,
	`settled_by` text,
	`settled_at` text,
	`reason` text
);
--> statement-breakpoint
CREATE INDEX `paper_batches_exercise_idx` ON `paper_batches` (`exercise_id`,`entered_at`,`id`);--> statement-breakpoint
CREATE TABLE `priorities` (
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`exercise_id` text NOT NULL,
	`published_at` text NOT NULL,
	`weight` text NOT NULL,
	`json` text NOT NULL,
	PRIMARY KEY(`kind`, `id`, `exercise_id`)
);
--> statement-breakpoint
CREATE TABLE `receipts` (
	`exercise_id` text NOT NULL,
	`round` integer NOT NULL,
	`receipt` text NOT NULL,
	PRIMARY KEY(`exercise_id`, `round`, `receipt`)
) WITHOUT ROWID;
