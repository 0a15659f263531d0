/** Nodes of queries and expressions with their fields, see node-table.ts. */
export const QUERY_NODES = `
Integer ival
Float fval
Boolean boolval
String sval
BitString bsval
List items
A_Const ival:Integer fval:Float boolval:Boolean sval:String bsval:BitString isnull location
Alias aliasname colnames
RangeVar catalogname schemaname relname inh relpersistence alias:Alias location
IntoClause rel:RangeVar colNames accessMethod options onCommit tableSpaceName skipData
GroupingFunc args location
MergeSupportFunc location
NamedArgExpr arg name argnumber location
BoolExpr boolop args location
SubLink subLinkType testexpr operName subselect location
CaseExpr arg args defresult location
CaseWhen expr result location
RowExpr args row_format colnames location
CoalesceExpr args location
MinMaxExpr op args location
SQLValueFunction op type typmod location
XmlExpr op name named_args arg_names args xmloption indent location
JsonFormat format_type encoding location
JsonValueExpr raw_expr format:JsonFormat
JsonIsPredicate expr format:JsonFormat item_type unique_keys location
JsonBehavior btype expr location
NullTest arg nulltesttype argisrow location
BooleanTest arg booltesttype location
SetToDefault location
CurrentOfExpr cursor_name
JoinExpr jointype isNatural larg rarg usingClause join_using_alias:Alias quals alias:Alias
TypeName names setof pct_type typmods typemod arrayBounds location
ColumnRef fields location
ParamRef number location
A_Expr kind name lexpr rexpr rexpr_list_start rexpr_list_end location
TypeCast arg typeName:TypeName location
CollateClause arg collname location
FuncCall funcname args agg_order agg_filter over:WindowDef agg_within_group agg_star agg_distinct func_variadic
  funcformat location
A_Star
A_Indices is_slice lidx uidx
A_Indirection arg indirection
A_ArrayExpr elements list_start list_end location
ResTarget name indirection val location
MultiAssignRef source colno ncolumns
SortBy node sortby_dir sortby_nulls useOp location
WindowDef name refname partitionClause orderClause frameOptions startOffset endOffset location
RangeSubselect lateral subquery alias:Alias
RangeFunction lateral ordinality is_rowsfrom functions alias:Alias coldeflist
RangeTableFunc lateral docexpr rowexpr namespaces columns alias:Alias location
RangeTableFuncCol colname typeName:TypeName for_ordinality is_not_null colexpr coldefexpr location
RangeTableSample relation method args repeatable location
ColumnDef colname typeName:TypeName compression is_local is_not_null storage_name raw_default identity
  identitySequence:RangeVar generated collClause:CollateClause constraints fdwoptions location
DefElem defnamespace defname arg defaction location
LockingClause lockedRels strength waitPolicy
XmlSerialize xmloption expr typeName:TypeName indent location
GroupingSet kind content location
WithClause ctes recursive location
InferClause indexElems whereClause conname location
OnConflictClause action infer:InferClause targetList whereClause location
CTESearchClause search_col_list search_breadth_first search_seq_column location
CTECycleClause cycle_col_list cycle_mark_column cycle_mark_value cycle_mark_default cycle_path_column location
CommonTableExpr ctename aliascolnames ctematerialized ctequery search_clause:CTESearchClause
  cycle_clause:CTECycleClause location
MergeWhenClause matchKind commandType override condition targetList values
ReturningOption option value location
ReturningClause options exprs
JsonOutput typeName:TypeName
JsonArgument val:JsonValueExpr name
JsonFuncExpr op column_name context_item:JsonValueExpr pathspec passing output:JsonOutput on_empty:JsonBehavior
  on_error:JsonBehavior wrapper quotes location
JsonTablePathSpec string name name_location location
JsonTable context_item:JsonValueExpr pathspec:JsonTablePathSpec passing columns on_error:JsonBehavior alias:Alias
  lateral location
JsonTableColumn coltype name typeName:TypeName pathspec:JsonTablePathSpec format:JsonFormat wrapper quotes columns
  on_empty:JsonBehavior on_error:JsonBehavior location
JsonKeyValue key value:JsonValueExpr
JsonParseExpr expr:JsonValueExpr output:JsonOutput unique_keys location
JsonScalarExpr expr output:JsonOutput location
JsonSerializeExpr expr:JsonValueExpr output:JsonOutput location
JsonObjectConstructor exprs output:JsonOutput absent_on_null unique location
JsonArrayConstructor exprs output:JsonOutput absent_on_null location
JsonArrayQueryConstructor query output:JsonOutput format:JsonFormat absent_on_null location
JsonAggConstructor output:JsonOutput agg_filter agg_order over:WindowDef location
JsonObjectAgg constructor:JsonAggConstructor arg:JsonKeyValue absent_on_null unique
JsonArrayAgg constructor:JsonAggConstructor arg:JsonValueExpr absent_on_null
InsertStmt relation:RangeVar cols selectStmt onConflictClause:OnConflictClause returningClause:ReturningClause
  withClause:WithClause override
DeleteStmt relation:RangeVar usingClause whereClause returningClause:ReturningClause withClause:WithClause
UpdateStmt relation:RangeVar targetList whereClause fromClause returningClause:ReturningClause withClause:WithClause
MergeStmt relation:RangeVar sourceRelation joinCondition mergeWhenClauses returningClause:ReturningClause
  withClause:WithClause
SelectStmt distinctClause intoClause:IntoClause targetList fromClause whereClause groupClause groupDistinct
  havingClause windowClause valuesLists sortClause limitOffset limitCount limitOption lockingClause
  withClause:WithClause op all larg:SelectStmt rarg:SelectStmt
ReturnStmt returnval
`
