# Drives DBD::Pg: server-side prepare, typed binds, COPY, savepoints, asynchronous query.
use strict; use warnings; use DBI; use DBD::Pg qw(:pg_types :async);
binmode STDOUT, ':utf8';
my $db = DBI->connect("dbi:Pg:dbname=$ENV{PGDATABASE}", undef, undef, { RaiseError => 1, PrintError => 0, AutoCommit => 1, pg_enable_utf8 => 1 });
sub show { my ($step, @values) = @_; print "$step: ", join('|', map { defined $_ ? $_ : 'NULL' } @values), "\n" }
$db->do('CREATE TEMP TABLE t (id int, name text, data bytea)');
my $insert = $db->prepare('INSERT INTO t VALUES (?, ?, ?)');
$insert->bind_param(3, undef, { pg_type => PG_BYTEA });
$insert->execute($_, "name $_", pack('C*', 0, $_, 255)) for 1 .. 50;
my $select = $db->prepare('SELECT id, name, data FROM t WHERE id > ? ORDER BY id LIMIT 2');
$select->execute($_), show('prepared', map { $_->[0], $_->[1], unpack('H*', $_->[2]) } @{ $select->fetchall_arrayref }) for (1, 20, 40);
eval { $db->do('SELECT * FROM missing') }; show('error', $db->state);
$db->begin_work; $db->do('DELETE FROM t'); $db->pg_savepoint('s'); eval { $db->do('SELECT 1/0') }; $db->pg_rollback_to('s'); show('inside', $db->selectrow_array('SELECT count(*) FROM t')); $db->rollback;
show('after', $db->selectrow_array('SELECT count(*) FROM t'));
$db->do('COPY t (id, name) FROM STDIN'); $db->pg_putcopydata("$_\tcopied\n") for 100 .. 199; $db->pg_putcopyend; show('copied', $db->selectrow_array('SELECT count(*) FROM t'));
my $line; my $lines = 0; $db->do('COPY t TO STDOUT'); $lines++ while $db->pg_getcopydata($line) >= 0; show('copied out', $lines);
$db->do('SELECT pg_sleep(0.01)', { pg_async => PG_ASYNC }); show('asynchronous', $db->pg_result);
$db->disconnect;
