CREATE TABLE `changes` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`action` text NOT NULL,
	`version` text,
	`actor` text NOT NULL,
	`reason` text,
	`fields` text
);
--> statement-breakpoint
CREATE INDEX `changes_resource_idx` ON `changes` (`kind`,`id`,`seq`);--> statement-breakpoint
CREATE TABLE `documents` (
	`no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`measure_id` text NOT NULL,
	`kind` text NOT NULL,
	`tag` text NOT NULL,
	`json` text NOT NULL,
	`codes` text NOT NULL,
	`languages` text NOT NULL,
	`title_key` text NOT NULL,
	`updated_at` text NOT NULL,
	`maturity_until` text,
	`author_id` text,
	FOREIGN KEY (`measure_id`) REFERENCES `measures`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `documents_measure_kind_key` ON `documents` (`measure_id`,`kind`);--> statement-breakpoint
CREATE INDEX `documents_maturity_until_idx` ON `documents` (`maturity_until`);--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`group_name` text,
	`prefix` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`expires_at` text,
	`revoked_at` text,
	`last_used_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keys_prefix_key` ON `keys` (`prefix`);--> statement-breakpoint
CREATE TABLE `measures` (
	`id` text PRIMARY KEY NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`version` text
);
--> statement-breakpoint
CREATE TABLE `replies` (
	`key_id` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer NOT NULL,
	`headers` text NOT NULL,
	`body` text NOT NULL,
	`at` text NOT NULL,
	PRIMARY KEY(`key_id`, `idempotency_key`)
);
--> statement-breakpoint
CREATE INDEX `replies_at_idx` ON `replies` (`at`);--> statement-breakpoint
CREATE TABLE `versions` (
	`measure_id` text NOT NULL,
	`version` text NOT NULL,
	`ordinal` integer NOT NULL,
	`tag` text NOT NULL,
	`json` text NOT NULL,
	`published_at` text NOT NULL,
	`published_by` text NOT NULL,
	`change_note` text,
	PRIMARY KEY(`measure_id`, `version`),
	FOREIGN KEY (`measure_id`) REFERENCES `measures`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `versions_ordinal_key` ON `versions` (`measure_id`,`ordinal`);--> statement-breakpoint
CREATE TABLE `words` (
	`word` text PRIMARY KEY NOT NULL,
	`length` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `words_length_idx` ON `words` (`length`);