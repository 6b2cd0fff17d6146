"""What we ask of Linear, in GraphQL: each document whole, so that it can be held against Linear's schema."""

from __future__ import annotations

# Labels and relations beyond these are not read with a page; a duplicate whose relation is among the rest is
# asked for by itself. With these numbers a page holds as many tickets as Linear gives at most.
_TICKET = """
  id identifier title description url createdAt updatedAt completedAt canceledAt trashed
  state { name type }
  team { key }
  assignee { email }
  labels(first: 12) { nodes { name } }
  relations(first: 8) { nodes { type relatedIssue { id } } }
"""
_NEED = "id body url priority archivedAt customer { id } issue { id }"

CHANGED_TICKETS = (
    """
query ChangedTickets($teams: [String!], $since: DateTimeOrDuration, $last: Int, $before: String) {
  issues(
    last: $last, before: $before, orderBy: updatedAt, includeArchived: true,
    filter: { team: { key: { in: $teams } }, updatedAt: { gte: $since } }
  ) {
    nodes { """
    + _TICKET
    + """ }
    pageInfo { hasPreviousPage startCursor }
  }
}"""
)
TICKET = "query Ticket($id: String!) { issue(id: $id) { " + _TICKET + " } }"
TICKETS = (
    """
query Tickets($ids: [ID!], $first: Int) {
  issues(first: $first, includeArchived: true, filter: { id: { in: $ids } }) { nodes { """
    + _TICKET
    + """ } }
}"""
)
RELATIONS = """
query Relations($id: String!, $first: Int, $after: String) {
  issue(id: $id) {
    relations(first: $first, after: $after) {
      nodes { type relatedIssue { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""
TEAM = """
query Team($key: String, $labels: [String!]) {
  teams(first: 1, filter: { key: { eq: $key } }) { nodes { id } }
  issueLabels(first: 250, filter: { name: { in: $labels }, isGroup: { eq: false } }) {
    nodes { id name team { key } }
  }
}"""
# Groups of labels are none themselves; a team has its own and the workspace's.
_LABELS = """issueLabels(
    first: 250, after: $after,
    filter: { isGroup: { eq: false }, or: [{ team: { null: true } }, { team: { key: { eq: $key } } }] }
  ) { nodes { id name parent { name } } pageInfo { hasNextPage endCursor } }"""
_PROJECTS = """projects(
        first: 250, after: $after, filter: { status: { type: { nin: ["completed", "canceled"] } } }
      ) { nodes { id name } pageInfo { hasNextPage endCursor } }"""
FORM = (
    """
query Form($key: String, $after: String) {
  teams(first: 1, filter: { key: { eq: $key } }) {
    nodes {
      states(first: 100) { nodes { id name type position } }
      """
    + _PROJECTS
    + """
    }
  }
  """
    + _LABELS
    + """
  issuePriorityValues { priority label }
}"""
)
LABELS = "query Labels($key: String, $after: String) { " + _LABELS + " }"
PROJECTS = (
    """
query Projects($key: String, $after: String) {
  teams(first: 1, filter: { key: { eq: $key } }) { nodes { """
    + _PROJECTS
    + """ } }
}"""
)
CREATE_TICKET = """
mutation CreateTicket($input: IssueCreateInput!) { issueCreate(input: $input) { success } }"""

NEED = "query Need($id: String) { customerNeed(id: $id) { " + _NEED + " } }"
NEEDS = """
query Needs($id: String!, $first: Int, $after: String) {
  issue(id: $id) {
    needs(first: $first, after: $after) {
      nodes { id url }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""
UPSERT_CUSTOMER = """
mutation UpsertCustomer($input: CustomerUpsertInput!) { customerUpsert(input: $input) { customer { id } } }"""
CREATE_NEED = """
mutation CreateNeed($input: CustomerNeedCreateInput!) { customerNeedCreate(input: $input) { success } }"""
UPDATE_NEED = """
mutation UpdateNeed($id: String!, $input: CustomerNeedUpdateInput!) {
  customerNeedUpdate(id: $id, input: $input) { success }
}"""
ARCHIVE_NEED = "mutation ArchiveNeed($id: String!) { customerNeedArchive(id: $id) { success } }"
UNARCHIVE_NEED = "mutation UnarchiveNeed($id: String!) { customerNeedUnarchive(id: $id) { success } }"

ATTACHMENTS = """
query Attachments($id: String!, $first: Int, $after: String) {
  issue(id: $id) {
    attachments(first: $first, after: $after) {
      nodes { id url title subtitle metadata }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""
CREATE_ATTACHMENT = """
mutation CreateAttachment($input: AttachmentCreateInput!) {
  attachmentCreate(input: $input) { attachment { id } }
}"""
DELETE_ATTACHMENT = "mutation DeleteAttachment($id: String!) { attachmentDelete(id: $id) { success } }"

OUR_COMMENTS = """
query OurComments($id: String!, $ids: [ID!]) {
  issue(id: $id) { comments(first: 10, filter: { id: { in: $ids } }) { nodes { id } } }
}"""
CREATE_COMMENT = """
mutation CreateComment($input: CommentCreateInput!) { commentCreate(input: $input) { success } }"""
UPDATE_COMMENT = """
mutation UpdateComment($id: String!, $input: CommentUpdateInput!) {
  commentUpdate(id: $id, input: $input) { success }
}"""

WORKSPACE = "query Workspace { organization { customersEnabled } }"
WHO = "query Who { viewer { name } organization { name customersEnabled } }"
TEAMS = """
query Teams($keys: [String!]) {
  teams(first: 250, filter: { key: { in: $keys } }) { nodes { key } }
}"""
CUSTOMERS = "query Customers { customers(first: 1) { nodes { id } } }"
